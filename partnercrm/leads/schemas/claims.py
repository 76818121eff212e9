"""Shapes of the claim check: what came of a partner's leads, for one's organization and for oneself."""

from marshmallow import fields

from partnercrm.web.shapes import Id, Moment, Shape, Text, Whole


def _count(meaning: str) -> Whole:
    return Whole(least=0, most=2**53, example=4, required=True, metadata={"description": meaning})


def _median() -> Whole:
    meaning = "The median time from offer to answer; null without one."
    return Whole(least=0, most=2**53, example=7200, required=True, allow_none=True, metadata={"description": meaning})


class CheckedSideView(Shape):
    """What the partner gave your organization, as the report tells both sides."""

    offered = _count("Leads offered and not taken back.")
    accepted = _count("Of them accepted.")
    qualified = _count("Of them qualified.")
    won = _count("Of them won.")
    waiting = _count("Of them without an answer now.")
    median_seconds = _median()


class CheckedOwnView(Shape):
    """What of it is with you; nobody else reads it here."""

    asked_first = _count("Leads that wait and that you are asked first about.")
    accepted = _count("Leads you took on.")
    qualified = _count("Of them qualified.")
    won = _count("Of them won.")
    last_accepted_at = Moment(required=True, allow_none=True)
    median_seconds = _median()


class ClaimCheckView(Shape):
    """The answer to "I have not had one qualified lead from this partner"; it is kept nowhere."""

    partnership_id = Id(required=True)
    partner = Text(most=200, example="Globex", required=True)
    as_of = Moment(required=True)
    given = fields.Nested(CheckedSideView, required=True)
    mine = fields.Nested(CheckedOwnView, required=True)


class ShareCheck(Shape):
    """What the case is about, in the asker's own words; the organization's figures go with it."""

    claim = Text(most=2000, example="We wait for qualified leads; what keeps them?", required=True)
