"""Shapes of requests to offer beyond the trust advance, and of how far it has gone."""

from typing import Any

from marshmallow import fields

from partnercrm.leads.models.requests import RequestStatus
from partnercrm.leads.schemas.exchanging import LeadToOffer, OfferLead, OfferNewLead
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole


def _note(**options: Any) -> Text:
    meaning = "Why this lead should not wait; your own side's partner managers read it."
    return Text(most=500, least=0, example="They decide in May.", metadata={"description": meaning}, **options)


def _answer(**options: Any) -> Text:
    return Text(most=500, example="Their next lead is promised for Friday.", **options)


class AskToOffer(LeadToOffer):
    """A lead that should be offered although your side has given the trust advance."""

    note = _note(load_default="")


class OfferOrAsk(OfferLead):
    """A form that offers a lead, or asks to."""

    note = _note(load_default="")


class OfferOrAskNewLead(OfferNewLead):
    """A form that enters a lead and offers it, or asks to."""

    note = _note(load_default="")


class DeclineRequest(Shape):
    """Why it should wait; who asked reads it."""

    answer = _answer(required=True)


class AskerView(Shape):
    """Who asks."""

    id = Id(required=True)
    name = Text(most=200, example="Sam Doyle", required=True)


class RequestView(Shape):
    """A request to offer a lead beyond the agreed trust advance; it is gone once the lead is offered."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    lead_id = Id(required=True)
    status = Choice(RequestStatus, required=True)
    asked_by = fields.Nested(
        AskerView,
        required=True,
        allow_none=True,
        metadata={"description": "Who asks, while somebody has to decide; in lists null, but for yourself."},
    )
    message = Text(most=2000, least=0, example="They decide in May.", required=True)
    shows_company = Flag(required=True, example=False)
    role_only = Flag(required=True, example=False)
    product_line_id = Id(required=True, allow_none=True)
    note = _note(required=True)
    asked_at = Moment(required=True)
    answer = _answer(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class RequestQuery(ListQuery):
    """Filters and orders of requests."""

    sort = sort_field("asked_at", "-asked_at")
    status = Choice(RequestStatus)
    partnership_id = Id()


class GaveView(Shape):
    """How far one side has gone."""

    organization_id = Id(required=True)
    given = Whole(least=0, most=2**53, example=3, required=True)
    left = Whole(
        least=0,
        most=2**53,
        example=0,
        required=True,
        allow_none=True,
        metadata={"description": "How many more leads it may give before it is the other's turn; null: not agreed."},
    )


class NextView(Shape):
    """Who gives next, and how many until both gave alike."""

    organization_id = Id(required=True)
    leads = Whole(least=1, most=2**53, example=3, required=True)


class TurnView(Shape):
    """How far the agreed trust advance has gone; both sides read the same."""

    partnership_id = Id(required=True)
    trust_advance = Whole(
        least=1,
        most=2**53,
        example=3,
        required=True,
        allow_none=True,
        metadata={"description": "How many leads one side gives before it is the other's turn; null: not agreed."},
    )
    sides = fields.List(fields.Nested(GaveView), required=True, metadata={"maxItems": 2})
    next_to_give = fields.Nested(
        NextView, required=True, allow_none=True, metadata={"description": "Null while either side may give."}
    )
