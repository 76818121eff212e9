"""Shapes of offers: offering, answering, telling what became of a lead, and what each side reads."""

from marshmallow import fields

from partnercrm.accounts.contacts import ContactBasis, ContactSource, Information
from partnercrm.accounts.schemas.contacts import Channels, informed_on
from partnercrm.accounts.sizes import SizeBand
from partnercrm.activity.schemas import ActivityView
from partnercrm.leads.bands import ValueBand
from partnercrm.leads.lifecycle import DeclineReason, DisqualifyReason, LossReason, OfferStatus, ReturnReason
from partnercrm.leads.schemas.keeping import EnterLead
from partnercrm.leads.spans import MONTH
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import (
    Choice,
    Country,
    Day,
    Domain,
    Email,
    Flag,
    Id,
    Moment,
    MoneyShape,
    Shape,
    Text,
    Written,
)


def _beyond() -> Flag:
    meaning = (
        "Offer it although your side has given the agreed trust advance. Only who manages partnerships may; others ask"
        " them with `POST /offer-requests`."
    )
    return Flag(load_default=False, example=False, metadata={"description": meaning})


def _role_only() -> Flag:
    meaning = (
        "Let only the contact's role travel. Name and address need a basis, channels, a source and information; where"
        " one of these is missing, the offer is refused unless this is true."
    )
    return Flag(load_default=False, example=False, metadata={"description": meaning})


def _product_line() -> Id:
    meaning = "One of the product lines that the terms in force name."
    return Id(allow_none=True, load_default=None, metadata={"description": meaning})


class LeadToOffer(Shape):
    """One of your leads, and how it is to be offered in a partnership."""

    lead_id = Id(required=True)
    partnership_id = Id(required=True)
    message = Text(most=2000, least=0, example="They decide in May.", load_default="")
    shows_company = Flag(
        load_default=False,
        example=False,
        metadata={"description": "Show the company's name before the offer is accepted."},
    )
    role_only = _role_only()
    product_line_id = _product_line()


class OfferLead(LeadToOffer):
    """One of your leads to offer in a partnership."""

    beyond_trust_advance = _beyond()


class OfferNewLead(EnterLead):
    """A new lead and its offer in one form."""

    partnership_id = Id(required=True)
    message = Text(most=2000, least=0, example="They decide in May.", load_default="")
    shows_company = Flag(load_default=False, example=False)
    beyond_trust_advance = _beyond()
    role_only = _role_only()
    product_line_id = _product_line()


class _Noted(Shape):
    note = Text(most=500, least=0, example="Our team is booked until June.")


class DeclineOffer(_Noted):
    """Why the lead is not taken."""

    reason = Choice(DeclineReason, required=True)


class ReturnLead(_Noted):
    """Why the lead goes back to its giver."""

    reason = Choice(ReturnReason, required=True)


class SnoozeLead(Shape):
    """Until when more time is asked for."""

    until = Day(required=True, metadata={"description": "The last day, in your organization's time zone."})


class ContestLead(Shape):
    """Why the lead should not have been disqualified."""

    claim = Text(most=2000, example="They asked us for an offer on Monday.", required=True)


class ClaimCredit(Shape):
    """By what the giver knows that the lead was pursued without it."""

    claim = Text(most=2000, example="The customer told us that you made them an offer in June.", required=True)


class Happened(Shape):
    """When it happened, if not just now."""

    happened_at = Moment(
        metadata={"description": "Not before the step before it, not in the future; now when left out."}
    )


class DisqualifyLead(Happened, _Noted):
    """Why the lead is none."""

    reason = Choice(DisqualifyReason, required=True)


class LoseLead(Happened, _Noted):
    """Why the lead was lost."""

    reason = Choice(LossReason, required=True)


class WinLead(Happened):
    """What the lead was won for."""

    value = fields.Nested(MoneyShape, required=True)


class DetailsView(Shape):
    """Who the lead is; there for its giver, and for its receiver once accepted."""

    company_name = Text(most=200, example="Northwind Traders", required=True)
    company_domain = Domain(required=True, allow_none=True)
    contact_name = Text(most=200, example="Robin Vale", required=True, allow_none=True)
    contact_email = Email(required=True, allow_none=True)
    contact_basis = Choice(ContactBasis, required=True, allow_none=True)
    contact_channels = Channels(required=True)
    contact_source = Choice(ContactSource, required=True, allow_none=True)
    contact_source_note = Text(most=200, example="Met at the spring fair.", required=True, allow_none=True)
    contact_information = Choice(Information, required=True, allow_none=True)
    contact_informed_on = informed_on(required=True)
    value = fields.Nested(MoneyShape, required=True, allow_none=True)
    message = Text(most=2000, least=0, example="They decide in May.", required=True)


class NamedMember(Shape):
    """Who stands behind the offer on one side."""

    id = Id(required=True)
    name = Text(most=200, example="Dana Whitfield", required=True)


_NAMED = {
    "description": "Whom to talk to about this offer. The other side's person is named to who may answer it, then to "
    "who works on it, until it is over; else null. In lists null, but for yourself."
}


class OfferView(Shape):
    """An offered lead as your side sees it."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    giver_id = Id(required=True)
    receiver_id = Id(required=True)
    direction = fields.String(
        required=True, validate=limits.OneOf(("given", "received")), metadata={"example": "received"}
    )
    status = Choice(OfferStatus, required=True)
    reason = Text(most=40, example="no_capacity", required=True, allow_none=True)
    note = Text(most=500, least=0, example="Our team is booked until June.", required=True, allow_none=True)
    company_name = Text(most=200, example="Northwind Traders", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    industry = Text(most=100, example="Logistics", required=True, allow_none=True)
    size_band = Choice(SizeBand, required=True, allow_none=True)
    need = Text(most=200, example="GTX Plus Basic", required=True)
    contact_role = Text(most=100, example="Head of operations", required=True, allow_none=True)
    value_band = Choice(ValueBand, required=True, allow_none=True)
    value_currency = Text(most=3, example="EUR", required=True, allow_none=True)
    product_line_id = Id(required=True, allow_none=True)
    giver_member = fields.Nested(NamedMember, required=True, allow_none=True, metadata=_NAMED)
    receiver_member = fields.Nested(NamedMember, required=True, allow_none=True, metadata=_NAMED)
    offered_at = Moment(required=True)
    respond_by = Moment(required=True)
    expires_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    taken_back_at = Moment(required=True, allow_none=True)
    follow_up_by = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "By when the receiver is to say how an accepted lead stands."},
    )
    returns_at = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "When an accepted lead of which nothing was heard goes back to its giver."},
    )
    snoozed_until = Moment(required=True, allow_none=True)
    details = fields.Nested(DetailsView, required=True, allow_none=True)


class OfferQuery(ListQuery):
    """Filters and orders of offers."""

    sort = sort_field("-offered_at", "offered_at", "respond_by", "-respond_by")
    direction = fields.String(validate=limits.OneOf(("given", "received")), metadata={"example": "received"})
    status = Choice(OfferStatus)
    partnership_id = Id()
    need = Text(most=200, example="GTX Plus Basic")
    country = Country()
    industry = Text(most=100, example="Logistics")
    product_line_id = Id()
    offered_in = Written(
        MONTH,
        "Write a month as 2026-03.",
        least=7,
        most=7,
        example="2026-03",
        metadata={"description": "The month (UTC) in which it was offered."},
    )


class TimelineView(Shape):
    """One event of a shared thing's timeline: which side did what."""

    id = Id(required=True)
    acting_organization_id = Id(required=True)
    verb = Text(most=80, example="lead.accepted", required=True)
    facts = ActivityView().fields["facts"]
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)
