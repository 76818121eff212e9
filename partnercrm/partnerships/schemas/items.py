"""Shapes of what the terms hold several of: goals, exit criteria, product lines, templates of splits."""

from typing import Final

from partnercrm.partnerships.agreements import EntryStage, GoalMeasure, PartnerRole, Payer, Phase
from partnercrm.web.shapes import Choice, Day, Id, Shape, Text, Whole

_KEPT: Final = {"description": "Keep it when it changes; leave it out for a new one."}


class GoalShape(Shape):
    """A number to be reached by a day. `won_value` counts whole units of the currency named as `unit`."""

    id = Id(metadata=_KEPT)
    text = Text(most=200, example="Forty leads accepted in the north", required=True)
    measure = Choice(GoalMeasure, required=True)
    target = Whole(least=1, most=10**12, example=40, required=True)
    unit = Text(most=40, example="leads", load_default=None, allow_none=True)
    from_on = Day(load_default=None, allow_none=True, metadata={"description": "Null: since the partnership began."})
    due_on = Day(required=True)
    organization_id = Id(
        load_default=None, allow_none=True, metadata={"description": "Whose goal it is; null when both work for it."}
    )


class CriterionShape(Shape):
    """What must be met before a phase is left, and what shows it."""

    id = Id(metadata=_KEPT)
    phase = Choice(Phase, required=True)
    text = Text(most=200, example="Ten leads answered in time by each side", required=True)
    shown_by = Text(most=200, example="10 of 10 within 48 hours", load_default=None, allow_none=True)
    due_on = Day(required=True)


class ProductLineShape(Shape):
    """A product line the partnership is about; it stays the same when it is renamed."""

    id = Id(metadata=_KEPT)
    name = Text(most=120, example="Warehouse software", required=True)


class SplitTemplateShape(Shape):
    """How deals of one kind are shared: by who created them, what the partner does and when it came in.

    Shares and rates are millionths: 1,000,000 is all. The partner has what the source's split leaves.
    """

    id = Id(metadata=_KEPT)
    name = Text(most=120, example="We sell together from the start", required=True)
    origin_id = Id(
        load_default=None, allow_none=True, metadata={"description": "Which side created the deal; null for either."}
    )
    role = Choice(PartnerRole, required=True)
    from_stage = Choice(
        EntryStage,
        load_default=EntryStage.PROSPECT,
        metadata={"description": "For partners who came in at this stage, or at a later one that has no template."},
    )
    source_split = Whole(least=0, most=10**6, example=600_000, required=True)
    source_overlay = Whole(least=0, most=10**6, example=0, load_default=0)
    partner_overlay = Whole(least=0, most=10**6, example=50_000, load_default=0)
    referral_fee = Whole(least=1, most=10**6, example=100_000, load_default=None, allow_none=True)
    referral_payer = Choice(Payer, load_default=None, allow_none=True)
    revenue_share = Whole(least=1, most=10**6, example=100_000, load_default=None, allow_none=True)
    revenue_payer = Choice(Payer, load_default=None, allow_none=True)
