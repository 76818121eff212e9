"""Shapes of how one's own side divides its share of a deal."""

from marshmallow import fields

from partnercrm.incentives.splits import MOST_PARTICIPANTS, WHOLE
from partnercrm.web import limits
from partnercrm.web.shapes import Day, Id, Moment, Shape, Whole

_MOST = 10**12
_PARTS = {"description": "Of the whole: 1 of a whole of 3 is exactly a third."}


class ParticipantShape(Shape):
    """One of your own people, and how many parts of your side's share are theirs."""

    user_id = Id(required=True)
    parts = Whole(least=1, most=_MOST, example=500_000, required=True, metadata=_PARTS)


class DivideShare(Shape):
    """How your side divides its share of a deal from now on; the parts come to exactly the whole."""

    whole = Whole(
        least=1, most=_MOST, example=WHOLE, load_default=WHOLE, metadata={"description": "1,000,000: millionths."}
    )
    effective_on = Day(
        load_default=None, allow_none=True, metadata={"description": "Never in the past; null: from now on."}
    )
    participants = fields.List(
        fields.Nested(ParticipantShape), required=True, validate=limits.Length(min=1, max=MOST_PARTICIPANTS)
    )


class DivisionView(Shape):
    """How your side divides its share of a deal; the partner reads nothing of it, you perhaps your own part alone."""

    deal_id = Id(required=True)
    version = Whole(
        least=0, most=10**9, example=1, required=True, metadata={"description": "0 where nothing is divided yet."}
    )
    whole = Whole(least=1, most=_MOST, example=WHOLE, required=True)
    effective_at = Moment(required=True, allow_none=True)
    participants = fields.List(fields.Nested(ParticipantShape), required=True)
