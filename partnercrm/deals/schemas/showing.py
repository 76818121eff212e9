"""Shapes of when partners come in, of joint deals beside one's own, and of what a partnership shows."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.deals.baselines import Against
from partnercrm.deals.involving import Involving, Outcome
from partnercrm.deals.living import Finding, Shown
from partnercrm.deals.queries.baselines import OwnSales
from partnercrm.deals.queries.involving import MONTHS, LateInvolvement, LivedSeen
from partnercrm.deals.stages import Stage
from partnercrm.leads.reciprocity import written
from partnercrm.leads.schemas.verdicts import IntervalView, interval_of
from partnercrm.partnerships.agreements import PartnershipKind
from partnercrm.web.shapes import Choice, Id, Moment, MoneyShape, Shape, Text, Whole

_COUNT: dict[str, Any] = {"least": 0, "most": 10**9, "example": 12, "required": True}
_MOST = 10**6


class MonthsQuery(Shape):
    """How many months, the present one among them."""

    months = Whole(least=1, most=60, example=12, load_default=MONTHS)


class LateInvolvementQuery(MonthsQuery):
    """How many months, and as of when."""

    as_of = Moment(metadata={"description": "What had been recorded by then; now when left out."})


class LivedQuery(Shape):
    """As of when."""

    as_of = LateInvolvementQuery().fields["as_of"]


class MonthsView(Shape):
    """Whole months (UTC), both included."""

    first_month = Text(most=7, example="2026-01", required=True)
    last_month = Text(most=7, example="2026-12", required=True)


class OutcomeView(Shape):
    """Deals, how many were won and lost, and the rate of these; nothing is said below eight closed deals."""

    deals = Whole(**_COUNT)
    won = Whole(**_COUNT)
    lost = Whole(**_COUNT)
    rate_percent = Text(most=12, example="62.5", required=True, allow_none=True)
    interval = fields.Nested(IntervalView, required=True, allow_none=True)


class StageCountView(Shape):
    """So many deals were at this stage when the partner came in."""

    stage = Choice(Stage, required=True)
    deals = Whole(**_COUNT)


class InvolvingView(Shape):
    """One side's deals: how far they were when the partner came in, and what became of early and of late ones."""

    organization_id = Id(required=True)
    by_stage = fields.List(fields.Nested(StageCountView), required=True)
    lost_before = Whole(**_COUNT)
    early = fields.Nested(OutcomeView, required=True)
    late = fields.Nested(OutcomeView, required=True)


class LateInvolvementView(Shape):
    """When partners came into deals, by side; late is from validation on, or after a loss. Both read the same."""

    partnership_id = Id(required=True)
    as_of = Moment(required=True)
    window = fields.Nested(MonthsView, required=True)
    sides = fields.List(fields.Nested(InvolvingView), required=True)

    @pre_dump
    def told(self, found: LateInvolvement, **_: Any) -> dict[str, Any]:
        """Lay a report out."""
        return {
            "partnership_id": found.partnership_id,
            "as_of": found.as_of,
            "window": _months(found.window),
            "sides": [_side(one) for one in found.sides],
        }


class StateSalesBaseline(Shape):
    """What your side won and lost alone in some time before, and of what it won the middle value and time."""

    won = Whole(least=0, most=_MOST, example=40, required=True)
    lost = Whole(least=0, most=_MOST, example=60, required=True)
    value = fields.Nested(MoneyShape, allow_none=True, load_default=None)
    days = Whole(least=0, most=_MOST, example=90, allow_none=True, load_default=None)


class SalesBaselineView(StateSalesBaseline):
    """What your side said it wins alone; the partner does not read it."""

    value = fields.Nested(MoneyShape, required=True, allow_none=True)
    days = Whole(least=0, most=_MOST, example=90, required=True, allow_none=True)
    stated_at = Moment(required=True)


class MiddleView(Shape):
    """The middle of joint deals that were won, and between which values the true one lies, in 95 of 100 cases."""

    median = Whole(least=0, most=10**15, example=84, required=True)
    low = Whole(least=0, most=10**15, example=60, required=True)
    high = Whole(least=0, most=10**15, example=120, required=True)


class MiddleValueView(Shape):
    """The same of what joint deals were worth."""

    median = fields.Nested(MoneyShape, required=True)
    low = fields.Nested(MoneyShape, required=True)
    high = fields.Nested(MoneyShape, required=True)


class OpenedView(Shape):
    """Your open opportunities on accounts in common, those your side registered, and those before validation."""

    eligible = Whole(**_COUNT)
    registered = Whole(**_COUNT)
    before_validation = Whole(**_COUNT)


class OwnSalesView(Shape):
    """Joint deals beside what your side wins alone; the partner reads none of it.

    `left_out` won deals are not among the values: theirs are not known in the baseline's currency.
    """

    partnership_id = Id(required=True)
    window = fields.Nested(MonthsView, required=True)
    baseline = fields.Nested(SalesBaselineView, required=True, allow_none=True)
    joint = fields.Nested(OutcomeView, required=True)
    rate = Choice(Against, required=True)
    values = fields.Nested(MiddleValueView, required=True, allow_none=True)
    value = Choice(Against, required=True)
    left_out = Whole(**_COUNT)
    days = fields.Nested(MiddleView, required=True, allow_none=True)
    duration = Choice(Against, required=True)
    opened = fields.Nested(OpenedView, required=True)

    @pre_dump
    def told(self, found: OwnSales, **_: Any) -> dict[str, Any]:
        """Lay a comparison out."""
        verdicts = {name: getattr(found, name) for name in ("rate", "values", "value", "duration")}
        return found._asdict() | verdicts | {"window": _months(found.window), "joint": _outcome(found.joint)}


class QuarterSideView(Shape):
    """What one side did in a quarter: leads it gave that count as qualified, co-sell deals it worked on."""

    organization_id = Id(required=True)
    qualified = Whole(**_COUNT)
    deals = Whole(**_COUNT)


class QuarterView(Shape):
    """A quarter that is over: what it shows, and by what."""

    months = fields.Nested(MonthsView, required=True)
    shown = Choice(Shown, required=True)
    sides = fields.List(fields.Nested(QuarterSideView), required=True)
    deals_of_both = Whole(**_COUNT)
    won = Whole(**_COUNT)


class LivedView(Shape):
    """What the last two quarters show beside the kind that the terms claim; both sides read the same."""

    partnership_id = Id(required=True)
    as_of = Moment(required=True)
    claimed = Choice(PartnershipKind, required=True, allow_none=True)
    wanted = Choice(Shown, required=True, allow_none=True)
    shown = Choice(Shown, required=True, allow_none=True)
    finding = Choice(Finding, required=True)
    quarters = fields.List(fields.Nested(QuarterView), required=True)

    @pre_dump
    def told(self, found: LivedSeen, **_: Any) -> dict[str, Any]:
        """Lay a reading out."""
        lived = found.lived
        quarters = [one._asdict() | {"months": _months(one.months), "shown": one.shown} for one in lived.quarters]
        said = {name: getattr(lived, name) for name in ("claimed", "wanted", "shown", "finding")}
        return {"partnership_id": found.partnership_id, "as_of": found.as_of, **said, "quarters": quarters}


def _months(window: Any) -> dict[str, str]:
    return {"first_month": window.first, "last_month": window.last}


def _side(one: Involving) -> dict[str, Any]:
    return {
        "organization_id": one.organization_id,
        "by_stage": [{"stage": stage, "deals": deals} for stage, deals in one.by_stage],
        "lost_before": one.lost_before,
        "early": _outcome(one.early),
        "late": _outcome(one.late),
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    rate = one.rate
    return {
        "deals": one.deals,
        "won": one.won,
        "lost": one.lost,
        "rate_percent": None if rate is None else written(rate * 100, 1),
        "interval": interval_of(one.interval),
    }
