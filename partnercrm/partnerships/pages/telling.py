"""How terms and what changes them are told on pages: every field by its name, every value in words."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from flask_babel import format_date, format_decimal, lazy_gettext, ngettext
from flask_babel import gettext as _

from partnercrm.partnerships import percents
from partnercrm.partnerships.agreements import Criterion, Goal, GoalMeasure, Payer, ProductLine, SplitTemplate
from partnercrm.partnerships.differences import Difference
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.percents import WHOLE
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
    if isinstance(value, SplitTemplate):
        return template(partnership, value)
    return value.name if isinstance(value, ProductLine) else str(value)


def template(partnership: Partnership, one: SplitTemplate) -> str:
    """Return a template of a split in one line."""
    whose = partnership.name_of(one.origin_id) if one.origin_id else _("either side")
    said = [
        _("%(role)s, from %(stage)s", role=frame.words(one.role), stage=frame.words(one.from_stage)),
        _("created by %(whose)s", whose=whose),
        _("%(source)s to %(partner)s", source=_share(one.source_split), partner=_share(WHOLE - one.source_split)),
    ]
    if one.source_overlay or one.partner_overlay:
        overlays = {"source": _share(one.source_overlay), "partner": _share(one.partner_overlay)}
        said.append(_("overlays %(source)s and %(partner)s", **overlays))
    for words, rate, payer in (
        (_("referral fee %(rate)s paid by %(payer)s"), one.referral_fee, one.referral_payer),
        (_("revenue share %(rate)s paid by %(payer)s"), one.revenue_share, one.revenue_payer),
    ):
        if rate and payer:
            said.append(words % {"rate": _share(rate), "payer": _PAYERS[payer]})
    return f"{one.name}: {'; '.join(str(part) for part in said)}"


def _share(millionths: int) -> str:
    return f"{format_decimal(Decimal(percents.percent(millionths)), '#,##0.####')} %"


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
    if field in _IN_PERCENT:
        return _IN_PERCENT[field] % {"points": value}
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
_IN_PERCENT: Final = {
    "tolerance_points": lazy_gettext("%(points)s points either way"),
    "overlay_cap_percent": lazy_gettext("%(points)s %% of a deal, both sides together"),
}
_PAYERS: Final = {Payer.SOURCE: lazy_gettext("whoever created it"), Payer.PARTNER: lazy_gettext("the partner")}
_COUNTED: Final = {
    GoalMeasure.LEADS_GIVEN: lazy_gettext("leads given"),
    GoalMeasure.LEADS_ACCEPTED: lazy_gettext("leads accepted"),
    GoalMeasure.LEADS_QUALIFIED: lazy_gettext("leads qualified"),
    GoalMeasure.LEADS_WON: lazy_gettext("leads won"),
}
