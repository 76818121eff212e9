"""Shapes of exchange rounds: proposing, picking, and what each side reads of seals and of what they opened."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.leads import sealing
from partnercrm.leads.models.rounds import RoundSeal
from partnercrm.leads.queries.rounds import Opening, PickSeen, RoundSeen
from partnercrm.leads.rounds import MOST_LEADS, RoundStatus
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, Shape, Text, Whole, Written

_HASH = "5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456"
_OPENED = {"description": "From the reveal on; null before."}


class Hex(Written):
    """32 bytes in hexadecimal digits."""

    def __init__(self, **options: Any) -> None:
        wrong = "This is not a hash in hexadecimal digits."
        super().__init__("[0-9a-f]{64}", wrong, least=64, most=64, example=_HASH, **options)


class ProposeRound(Shape):
    """How many leads each side gives, and by when both have sealed theirs."""

    partnership_id = Id(required=True)
    leads_each = Whole(least=1, most=MOST_LEADS, example=3, required=True)
    ends_at = Moment(required=True, metadata={"description": "An hour from now at least, ninety days at most."})
    note = Text(most=2000, least=0, example="Three each from the spring fair.", load_default="")


class ProposeRoundOnPage(Shape):
    """What the page asks of who proposes a round; it lasts to the end of a day."""

    leads_each = Whole(least=1, most=MOST_LEADS, example=3, required=True)
    ends_on = Day(required=True)
    note = Text(most=2000, least=0, example="Three each from the spring fair.", load_default="")


class PickLead(Shape):
    """One of your leads to put into the round, and how it is to travel."""

    lead_id = Id(required=True)
    message = Text(most=2000, least=0, example="They decide in May.", load_default="")
    shows_company = Flag(load_default=False, example=False)
    role_only = Flag(load_default=False, example=False)
    product_line_id = Id(allow_none=True, load_default=None)


class UnpickLead(Shape):
    """Which lead to leave out again."""

    lead_id = Id(required=True)


class PickView(Shape):
    """A lead your side picked; the other side learns nothing of it."""

    id = Id(required=True)
    round_id = Id(required=True)
    lead_id = Id(required=True)
    company_name = Text(most=200, example="Northwind Traders", required=True)
    need = Text(most=200, example="GTX Plus Basic", required=True)
    message = Text(most=2000, least=0, example="They decide in May.", required=True)
    shows_company = Flag(example=False, required=True)
    role_only = Flag(example=False, required=True)
    product_line_id = Id(required=True, allow_none=True)
    is_sealed = Flag(example=False, required=True)
    picked_at = Moment(required=True)

    @pre_dump
    def lay_out(self, seen: PickSeen, **_: Any) -> dict[str, Any]:
        """Put what names the lead beside the pick."""
        own = ("company_name", "need")
        values = {name: getattr(seen.pick, name) for name in self.fields if name not in own}
        return values | {name: getattr(seen.lead, name) for name in own}


class PickQuery(ListQuery):
    """The order of picks."""

    sort = sort_field("-picked_at", "picked_at")


class RoundItemView(Shape):
    """An exchange round: so many leads each way, revealed together or not at all."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "The side that proposed it."})
    leads_each = Whole(least=1, most=MOST_LEADS, example=3, required=True)
    ends_at = Moment(required=True)
    note = Text(most=2000, least=0, example="Three each from the spring fair.", required=True)
    status = Choice(RoundStatus, required=True)
    proposed_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)


class SealView(Shape):
    """That a side has sealed its leads: SHA-256 of salt and document, both of which open with the reveal."""

    organization_id = Id(required=True)
    commitment = Hex(required=True)
    sealed_at = Moment(required=True)
    withdrawn_at = Moment(required=True, allow_none=True)
    salt = Hex(required=True, allow_none=True, metadata=_OPENED)
    document = fields.Dict(
        required=True,
        allow_none=True,
        metadata=_OPENED | {"example": {"version": 1, "leads": []}, "additionalProperties": True},
    )

    @pre_dump
    def lay_out(self, seal: RoundSeal, **_: Any) -> dict[str, Any]:
        """Write bytes in hexadecimal digits."""
        values = {name: getattr(seal, name) for name in self.fields}
        return values | {"commitment": seal.commitment.hex(), "salt": seal.salt.hex() if seal.salt else None}


class OpeningView(Shape):
    """The details of one lead as they were sealed, with their salt: of your own leads, and of those you accepted."""

    offer_id = Id(required=True)
    salt = Hex(required=True)
    details = fields.Dict(
        required=True, metadata={"example": {"company_name": "Northwind Traders"}, "additionalProperties": True}
    )

    @pre_dump
    def lay_out(self, one: Opening, **_: Any) -> dict[str, Any]:
        """Write the details down as they were committed to."""
        columns = {name: getattr(one.details, name) for name in sealing.DETAILS}
        return {"offer_id": one.offer_id, "salt": one.salt.hex(), "details": sealing.details_document(columns)}


class RoundView(RoundItemView):
    """An exchange round with its seals, ordered by organization: both sides read the same, but for what is open."""

    seals = fields.List(fields.Nested(SealView), required=True)
    openings = fields.List(fields.Nested(OpeningView), required=True)

    @pre_dump
    def lay_out(self, seen: RoundSeen, **_: Any) -> dict[str, Any]:
        """Put the seals beside the round."""
        values = {name: getattr(seen.round, name) for name in RoundItemView().fields}
        return values | {"seals": seen.seals, "openings": seen.openings}


class RoundQuery(ListQuery):
    """Filters and orders of rounds."""

    sort = sort_field("-proposed_at", "proposed_at")
    partnership_id = Id()
    status = Choice(RoundStatus)
