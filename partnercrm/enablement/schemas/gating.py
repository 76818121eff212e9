"""Shapes of gates and of exceptions to them."""

from typing import Any

from partnercrm.enablement.items import GateMode
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Id, Moment, Shape, Text


def _mode(meaning: str, **options: Any) -> Choice:
    return Choice(GateMode, metadata={"example": "warn", "description": meaning}, **options)


class SetGates(Shape):
    """What the gates do to who is not enabled."""

    registering = _mode("When a deal is registered.", required=True)
    receiving = _mode(
        "When a lead is taken on; `block` passes over who is not enabled when leads are routed.", required=True
    )


class GatesView(Shape):
    """What your side's gates do in a partnership; the partner never reads it."""

    registering = _mode("When a deal is registered.", required=True)
    receiving = _mode("When a lead is taken on.", required=True)
    changed_at = Moment(required=True, allow_none=True)


class GrantException(Shape):
    """Whom to let pass, until when, and why."""

    user_id = Id(required=True)
    reason = Text(most=1000, example="The course is fully booked until May.", required=True)
    ends_at = Moment(required=True, metadata={"example": "2027-05-31T16:00:00+00:00"})


class ExceptionView(Shape):
    """A colleague who passes the gates for a time; read by them and by who keeps the programme."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    user_id = Id(required=True)
    reason = Text(most=1000, example="The course is fully booked until May.", required=True)
    given_by = Id(required=True)
    given_at = Moment(required=True)
    ends_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class ExceptionQuery(ListQuery):
    """Which exceptions."""

    sort = sort_field("-given_at", "given_at")
