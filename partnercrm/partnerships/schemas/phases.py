"""Shapes of phases, exit criteria and goals on the wire."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.partnerships import agreements
from partnercrm.partnerships.agreements import Phase
from partnercrm.partnerships.models import ChangeStatus, PartnershipStatus
from partnercrm.partnerships.queries.phases import CriterionSeen, Progress
from partnercrm.partnerships.schemas.items import CriterionShape, GoalShape
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, Shape, Text, Whole

_WAIVER = {"description": "Why open criteria may stay open; both sides must say so."}


class MarkCriterion(Shape):
    """Since when an exit criterion is met, and what shows it."""

    met_on = Day(required=True)
    evidence = Text(most=2000, example="Report of 12 March, ten of ten in time.", required=True)


class MarkView(Shape):
    """What one side says about an exit criterion."""

    organization_id = Id(required=True)
    met_on = Day(required=True)
    evidence = Text(most=2000, example="Report of 12 March, ten of ten in time.", required=True)
    marked_at = Moment(required=True)


class CriterionView(CriterionShape):
    """An exit criterion; it is met when one side says so and the other confirms it."""

    is_met = Flag(example=False, required=True)
    marks = fields.List(fields.Nested(MarkView), required=True)

    @pre_dump
    def lay_out(self, seen: CriterionSeen, **_: Any) -> dict[str, Any]:
        """Put what both sides say beside the criterion."""
        one = seen.criterion
        values = {name: getattr(one, name) for name in ("id", "phase", "text", "shown_by", "due_on")}
        return values | {"is_met": seen.is_met, "marks": seen.marks}


class ProposePhase(Shape):
    """A word with the proposal to go on to the next phase."""

    note = Text(most=2000, least=0, example="All three criteria are met.", load_default="")
    waiver = Text(
        most=2000,
        example="The third one can follow in the pilot.",
        load_default=None,
        allow_none=True,
        metadata=_WAIVER,
    )


class AcceptPhase(Shape):
    """What is agreed with the acceptance."""

    waiver = Text(
        most=2000,
        example="The third one can follow in the pilot.",
        load_default=None,
        allow_none=True,
        metadata=_WAIVER,
    )


class PhaseMoveView(Shape):
    """The next phase as one side proposed it, and the other's answer."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "The side that proposed it."})
    from_phase = Choice(Phase, required=True)
    to_phase = Choice(Phase, required=True)
    note = Text(most=2000, least=0, example="All three criteria are met.", required=True)
    waiver = Text(most=2000, example="The third one can follow.", required=True, allow_none=True)
    waiver_of_other = Text(most=2000, example="Agreed, by June.", required=True, allow_none=True)
    status = Choice(ChangeStatus, required=True)
    answer = Text(most=2000, least=0, example="Not before June.", required=True)
    proposed_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)


class PausePartnership(Shape):
    """Why a partnership rests; both sides read it."""

    note = Text(most=2000, least=0, example="Until the new team has started.", load_default="")


class StandingView(Shape):
    """How far a partnership has come; the newest 50 moves."""

    partnership_id = Id(required=True)
    status = Choice(PartnershipStatus, required=True)
    phase = Choice(Phase, required=True, allow_none=True)
    paused_by = Id(required=True, allow_none=True)
    criteria = fields.List(fields.Nested(CriterionView), required=True)
    moves = fields.List(fields.Nested(PhaseMoveView), required=True)


class EnterGoalValue(Shape):
    """Where a goal stood on a day."""

    value = Whole(least=0, most=10**12, example=17, required=True)
    read_on = Day(required=True)
    note = Text(most=500, least=0, example="From the survey of March.", load_default="")


class ProgressView(GoalShape):
    """A goal and where it stands; null when nothing is known, or not to the reader."""

    current = Whole(least=0, most=10**15, example=17, required=True, allow_none=True)
    percent = Whole(least=0, most=100, example=42, required=True, allow_none=True)
    entered_by = Id(required=True, allow_none=True)
    read_on = Day(required=True, allow_none=True)

    @pre_dump
    def lay_out(self, one: Progress, **_: Any) -> dict[str, Any]:
        """Put where it stands beside the goal."""
        values = {name: getattr(one.goal, name) for name in agreements.Goal.__dataclass_fields__}
        return values | {name: getattr(one, name) for name in ("current", "percent", "entered_by", "read_on")}


class GoalsView(Shape):
    """The goals agreed and where they stand."""

    goals = fields.List(fields.Nested(ProgressView), required=True)
