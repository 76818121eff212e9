"""Shapes of coverage and of pulses."""

from marshmallow import fields

from partnercrm.enablement.models.coverage import Dimension
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole


def _percent(meaning: str, *, allow_none: bool = False) -> Whole:
    return Whole(least=10, most=90, example=70, required=True, allow_none=allow_none, metadata={"description": meaning})


class CoverageMonthView(Shape):
    """How much of one side was enabled when a month ended."""

    organization_id = Id(required=True)
    month = Text(most=7, example="2026-10", required=True)
    percent = _percent(
        "To the nearest tenth; 10: a tenth or fewer, 90: nine tenths or more; null: fewer than eight people.",
        allow_none=True,
    )


class CoverageView(Shape):
    """How much of either side is enabled, month by month; both sides read the same."""

    partnership_id = Id(required=True)
    months = fields.List(fields.Nested(CoverageMonthView), required=True)


class CoverageGroupView(Shape):
    """How much of a group of your own teams or regions was enabled; of eight people at least."""

    month = Text(most=7, example="2026-10", required=True)
    dimension = Choice(Dimension, required=True)
    team_ids = fields.List(Id(), required=True)
    countries = fields.List(Text(most=2, example="DE"), required=True)
    with_others = Flag(required=True, example=False, metadata={"description": "With people of no team, or no region."})
    people = Whole(least=8, most=10**6, example=12, required=True)
    percent = _percent("To the nearest tenth, never under 10 or over 90.")


class CoverageGroupsView(Shape):
    """The groups of the last month that was counted."""

    partnership_id = Id(required=True)
    groups = fields.List(fields.Nested(CoverageGroupView), required=True)


class OpenPulse(Shape):
    """For how many days to ask."""

    days = Whole(least=1, most=90, example=14, load_default=14)


class PulseView(Shape):
    """A question to your own people, how much they trust a partner; who answered what is kept nowhere."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    opened_at = Moment(required=True)
    closes_at = Moment(required=True)
    has_answered = Flag(required=True, example=True, metadata={"description": "Whether you took part."})
    trusting_percent = _percent(
        "How many of those who took part trust the partner; null while it is open, and of fewer than eight.",
        allow_none=True,
    )


class PulseQuery(ListQuery):
    """Which pulses."""

    sort = sort_field("-opened_at", "opened_at")
