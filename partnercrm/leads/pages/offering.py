"""The forms that offer a lead, or ask the own partner manager to, with whose turn it is."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.models import Account
from partnercrm.accounts.queries.overlaps import OverlapSeen
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.accounts.words import contact_choices
from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import offering, requesting
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import own, requests
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.requests import RequestSeen, Standing
from partnercrm.leads.words import MISSING
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form

_OF_THE_OFFER: Final = frozenset(
    {"partnership_id", "product_line_id", "message", "shows_company", "beyond_trust_advance", "role_only", "note"}
)


@pages.show("/offers/new", scope="leads:write")
def new_offer(actor: Actor, form: Form | None = None) -> str:
    """Show the form for a new lead and its offer."""
    known = partners(actor)
    usual = {"partnership_id": str(next(iter(known)))} if len(known) == 1 else {}
    return render_template(
        "leads/new_offer.html",
        partners=list(known.items()),
        countries=frame.countries(),
        sizes=frame.choices(SizeBand),
        contact=contact_choices(),
        turns=turns(actor),
        partner_names=known,
        lines=_product_lines(actor),
        form=form or Form(usual),
    )


@pages.panel("overlap")
def offer_of_overlap(actor: Actor, account: Account, seen: OverlapSeen) -> str | None:
    """Lead from one's own customer that is told to be the partner's prospect to a lead for the partner."""
    is_wanted = any(copy.relationship == Relationship.PROSPECT for copy in seen.theirs)
    if account.relationship is not Relationship.CUSTOMER or not is_wanted or not actor.has("leads:write"):
        return None
    return render_template("leads/overlap_panel.html", account=account, partnership_id=seen.cluster.partnership_id)


@pages.show("/partnerships/<uuid:partnership_id>/accounts/<uuid:account_id>/offer", scope="leads:write")
def offer_of_account(actor: Actor, partnership_id: UUID, account_id: UUID) -> str:
    """Show the form for a new lead and its offer, filled in as far as an account says."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    found = accounts.account(actor, account_id).account
    known = {
        "company_name": found.name,
        "company_domain": next(iter(found.web_domains), None),
        "industry": found.industry,
        "country": found.country,
        "size_band": found.size_band and found.size_band.value,
        "partnership_id": str(partnership_id),
    }
    shown: str = new_offer(actor, Form({name: value for name, value in known.items() if value}))
    return shown


@pages.act("/offers/new", scope="leads:write", again=new_offer)
def offer_new_lead(actor: Actor, form: Form) -> str:
    """Enter a lead and offer it, or ask to, both or neither."""
    given = without_empty_value(form).load(schemas.OfferOrAskNewLead)
    lead = {name: value for name, value in given.items() if name not in _OF_THE_OFFER}
    asked = {name: value for name, value in given.items() if name in _OF_THE_OFFER}
    if _has_to_ask(actor, given):
        return _asked(requesting.enter_and_ask(actor, lead, asked))
    return _offered(offering.enter_and_offer_lead(actor, lead, asked))


@pages.show("/leads/<uuid:lead_id>/offer", scope="leads:write")
def offer_of_lead(actor: Actor, lead_id: UUID, form: Form | None = None) -> str:
    """Show what a partner would see of a lead that is here, and the form that offers it."""
    known = partners(actor)
    usual = {"partnership_id": str(next(iter(known)))} if len(known) == 1 else {}
    state = own.lead(actor, lead_id)
    return render_template(
        "leads/offer_of_lead.html",
        lead=state.lead,
        missing=[MISSING[name] for name in state.lead.contact_missing],
        partners=list(known.items()),
        turns=turns(actor),
        partner_names=known,
        lines=_product_lines(actor),
        form=form or Form(usual),
    )


@pages.act("/leads/<uuid:lead_id>/offer", scope="leads:write", again=offer_of_lead)
def offer_lead(actor: Actor, lead_id: UUID, form: Form) -> str:
    """Offer a lead that is here."""
    given = Form(dict(form.values) | {"lead_id": str(lead_id)}).load(schemas.OfferOrAsk)
    if _has_to_ask(actor, given):
        return _asked(requesting.ask_to_offer(actor, given))
    return _offered(offering.offer_lead(actor, given))


def _has_to_ask(actor: Actor, given: Mapping[str, Any]) -> bool:
    """Tell whether a form wishes to go beyond a trust advance that is given, from somebody who may not decide it."""
    if not given["beyond_trust_advance"] or requests.may_exceed(actor):
        return False
    if given["partnership_id"] not in actor.partnership_ids:
        return False
    return requests.turn_of(actor, given["partnership_id"]).left_of(actor.organization_id) == 0


def without_empty_value(form: Form) -> Form:
    """Return the form without a currency that no amount goes with."""
    if "value.amount" in form.values:
        return form
    return Form({name: value for name, value in form.values.items() if name != "value.currency"}, form.chosen)


def turns(actor: Actor) -> list[Standing]:
    """Return how far the agreed trust advances of the actor's partnerships have gone."""
    return [one for one in requests.turns_of_all(actor) if one.trust_advance is not None]


def _product_lines(actor: Actor) -> list[tuple[str, str]]:
    """Return the product lines that may be chosen; with several partners, each with its partner's name."""
    joined = partnerships.joined_partnerships(actor)
    if len(joined) == 1:
        return [(str(line.id), line.name) for line in joined[0].terms.product_lines]
    known = partners(actor)
    return [(str(line.id), f"{known[one.id]}: {line.name}") for one in joined for line in one.terms.product_lines]


def _offered(offered: OfferSeen) -> str:
    flash(_("The lead is offered. Company and contact open when it is accepted."))
    return url_for("leads_pages.offer", offer_id=offered.id)


def _asked(asked: RequestSeen) -> str:
    flash(_("Your partner manager is asked. The partner does not learn of it."))
    return url_for("leads_pages.offer_request", request_id=asked.id)
