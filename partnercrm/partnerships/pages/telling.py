"""How terms and what changes them are told on pages: every field by its name, every value in words."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import gettext as _

from partnercrm.partnerships.agreements import Criterion, Goal, GoalMeasure, ProductLine
from partnercrm.partnerships.differences import Difference
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.words import FIELDS
from partnercrm.web import frame


class Told(NamedTuple):
    """One difference in words; an empty text stands for what was not, or is no longer, agreed."""

    field: str
    old: str
    new: str


def differences(partnership: Partnership, found: Iterable[Difference]) -> list[Told]:
    """Return differences in words."""
    return [
        Told(str(FIELDS[one.field]), told(partnership, one.field, one.old), told(partnership, one.field, one.new))
        for one in found
    ]


def told(partnership: Partnership, field: str, value: Any) -> str:
    """Return the value of a field of the terms in words; empty for none."""
    if value is None or value == []:
        return str(_NOTHING[field]) if field in _NOTHING else ""
    if isinstance(value, StrEnum):
        return frame.words(value)
    if isinstance(value, int):
        return str(_number(partnership, field, value))
    if isinstance(value, list):
        return ", ".join(value)
    return _item(partnership, value)


def _item(partnership: Partnership, value: Any) -> str:
    if isinstance(value, Goal):
        return goal(partnership, value)
    if isinstance(value, Criterion):
        shown = f" ({value.shown_by})" if value.shown_by else ""
        return f"{frame.words(value.phase)}: {value.text}{shown}, {_by(value.due_on)}"
    return value.name if isinstance(value, ProductLine) else str(value)


def goal(partnership: Partnership, one: Goal) -> str:
    """Return a goal in one line."""
    whose = partnership.name_of(one.organization_id) if one.organization_id else _("together")
    counted = one.unit or str(_COUNTED.get(one.measure, ""))
    return f"{one.text}: {one.target} {counted}, {whose}, {_by(one.due_on)}"


def _by(day: date) -> str:
    return str(_("by %(day)s", day=format_date(day, "medium")))


def _number(partnership: Partnership, field: str, value: int) -> Any:
    if field == "share_given_percent":
        first, second = (side.name for side in partnership.sides_by_id)
        return f"{first} {value} %, {second} {100 - value} %"
    if field == "tolerance_points":
        return _("%(points)s points either way", points=value)
    if field.endswith("_hours"):
        return ngettext("%(num)d working hour", "%(num)d working hours", value)
    if field.endswith("_days"):
        return ngettext("%(num)d day", "%(num)d days", value)
    if field == "window_months":
        return ngettext("the present month", "the last %(num)d months", value)
    return ngettext("%(num)d lead", "%(num)d leads", value)


_NOTHING: Final = {
    "kind": lazy_gettext("not said"),
    "window_months": lazy_gettext("everything since the beginning"),
    "trust_advance": lazy_gettext("none agreed"),
    "moderator_email": lazy_gettext("nobody"),
    "regions": lazy_gettext("everywhere"),
}
_COUNTED: Final = {
    GoalMeasure.LEADS_GIVEN: lazy_gettext("leads given"),
    GoalMeasure.LEADS_ACCEPTED: lazy_gettext("leads accepted"),
    GoalMeasure.LEADS_QUALIFIED: lazy_gettext("leads qualified"),
    GoalMeasure.LEADS_WON: lazy_gettext("leads won"),
}
