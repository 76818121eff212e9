"""What travels of a lead: the teaser both sides read, and the details that open once it is accepted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from partnercrm.accounts.contacts import TRAVELLING
from partnercrm.activity.actions import record
from partnercrm.calendars.business_time import BusinessHours, due
from partnercrm.kernel import jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.leads.actions.steps import tells_exactly
from partnercrm.leads.bands import band
from partnercrm.leads.companies import company_keys
from partnercrm.leads.errors import ContactStays
from partnercrm.leads.models import Lead, Offer
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.watching import answer_alarms
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.tiers import Detail, Tier, strictest

_NEEDED: Final = "Needed for the contact's name and address to travel."
Columns = dict[str, Any]


class OfferTimes(NamedTuple):
    """By when an answer is agreed, and when an offer without one ends."""

    respond_by: datetime
    expires_at: datetime


def offer_times(partnership: Partnership, hours: BusinessHours, now: datetime) -> OfferTimes:
    """Return the moments of an offer made at `now`, in the working hours of the side that answers."""
    respond_by = due(hours, now, timedelta(hours=partnership.terms.response_hours))
    return OfferTimes(respond_by, max(respond_by, now + timedelta(days=partnership.terms.offer_days)))


def teaser_of(lead: Lead, partnership: Partnership, given: Mapping[str, Any]) -> Columns:
    """Return what both sides read of an offered lead. Raises Invalid for a product line the terms do not name."""
    line_id = given.get("product_line_id")
    if line_id is not None and all(line.id != line_id for line in partnership.terms.product_lines):
        raise Invalid.field("product_line_id", "The terms in force name no such product line.")
    return {
        "company_name": lead.company_name if given.get("shows_company") else None,
        "country": lead.country,
        "industry": lead.industry,
        "size_band": lead.size_band,
        "need": lead.need,
        "contact_role": lead.contact_role,
        "value_band": band(lead.value_minor, lead.currency) if lead.value_minor is not None and lead.currency else None,
        "value_currency": lead.currency,
        "product_line_id": line_id,
    }


def details_of(lead: Lead, partnership: Partnership, given: Mapping[str, Any]) -> Columns:
    """Return what opens once the lead is accepted. Raises ContactStays, naming every field that is missing."""
    exact = tells_exactly(partnership)
    details = {
        "company_name": lead.company_name,
        "company_domain": lead.company_domain,
        **_contact(lead, role_only=bool(given.get("role_only"))),
        "value_minor": lead.value_minor if exact else None,
        "currency": lead.currency if exact else None,
        "message": given.get("message", ""),
    }
    keys = company_keys(lead.company_name, lead.company_domain, lead.need)
    return details | {
        "company_key": keys.company,
        "name_key": keys.name,
        "tier": _tier(details, partnership),
    }


def _contact(lead: Lead, *, role_only: bool) -> Columns:
    if role_only or not (lead.contact_name or lead.contact_email):
        return {}
    if lacking := lead.contact_missing:
        raise ContactStays([FieldError(name, _NEEDED) for name in lacking])
    return {name: getattr(lead, name) for name in TRAVELLING}


def _tier(details: Columns, partnership: Partnership) -> Tier:
    """Return the strictest of the agreed tiers of what the details hold."""
    holds = {
        Detail.COMPANY: details["company_name"],
        Detail.CONTACT: details.get("contact_name") or details.get("contact_email"),
        Detail.VALUE: details["value_minor"] is not None,
        Detail.MESSAGE: details["message"],
    }
    return strictest(tier for detail, tier in partnership.terms.tiers.items() if holds.get(detail))


def announce(actor: Actor, offer: Offer | OfferSeen, hours: BusinessHours) -> None:
    """Record that a lead was offered and let its clocks run, in the working hours of the side that answers."""
    record(actor, "lead.offered", offer)
    jobs.defer("leads.expire_offer", actor.organization_id, at=offer.expires_at, offer_id=offer.id)
    asked_at = min(answer_alarms(hours, offer.offered_at, offer.respond_by).values())
    jobs.defer("leads.ask_for_answer", offer.receiver_id, at=asked_at, offer_id=offer.id)
