"""What the lead exchange shows where a person starts, and on the page of a partnership."""

from typing import Final

from flask import render_template, url_for
from flask_babel import gettext

from partnercrm.cases.models import Case
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads import schemas
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import Offer
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.glances import glances, to_do
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import drifting, exchange
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web.page import FirstStep, Form

_OVERSEEING: Final = frozenset({"partner_manager", "executive"})
_SELLING: Final = frozenset({"seller", "partner_manager"})


@pages.panel("home", rank=1)
def standing(actor: Actor) -> str | None:
    """Show those who oversee a partnership how each exchange stands."""
    if not actor.roles & _OVERSEEING:
        return None
    found = glances(actor)
    return render_template("leads/home_exchange.html", exchanges=found, to_do=to_do(actor, found))


@pages.panel("home", rank=2)
def to_answer(actor: Actor) -> str | None:
    """Show those who sell what waits for them, and what became of the leads given."""
    if not actor.roles & _SELLING:
        return None
    waiting = _offers(actor, direction="received", status=OfferStatus.OFFERED.value, sort="respond_by")
    counts = exchange.counts_to_do(actor)
    return render_template(
        "leads/home_offers.html",
        to_answer=waiting,
        waiting=counts.get(("received", OfferStatus.OFFERED.value), 0),
        recent=_offers(actor, direction="given", sort="-offered_at"),
        partners=partners(actor),
    )


@pages.first_step(rank=5)
def offer_first(actor: Actor) -> FirstStep:
    """Look whether a lead was offered; before there is a partnership, say what it waits for."""
    lives = partnerships.has_living(actor)
    waits = gettext("This opens when a partner has accepted your proposal, or you theirs.")
    how = gettext("Members of a partnership offer; its manager names them on the partnership's page.")
    return FirstStep(
        exchange.has_begun(actor),
        gettext("Offer the first lead"),
        how if lives else waits,
        url_for("leads_pages.leads") if lives else "",
        "leads:write",
    )


@pages.panel("partnership")
def where_the_leads_are(actor: Actor, partnership: Partnership) -> str | None:
    """Lead from a partnership to its report."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended or not actor.has("reports:read"):
        return None
    found = [one for one in glances(actor) if one.partnership.id == partnership.id]
    return render_template("leads/partnership_panel.html", exchanges=found, to_do=to_do(actor, found))


@pages.panel("case")
def what_a_case_is_about(actor: Actor, case: Case) -> str | None:
    """Lead from a case to the offer it is about, or to the fact sheet it began with."""
    if case.is_of_the_record:
        reading = drifting.opening(actor, case.id) if actor.has("reports:read") else None
        return render_template("leads/case_panel.html", reading=reading) if reading else None
    if case.subject != Offer.__tablename__ or case.subject_id is None or not actor.has("leads:read"):
        return None
    try:
        return render_template("leads/case_panel.html", reading=None, offer=exchange.offer(actor, case.subject_id))
    except NotFound:
        return None


def _offers(actor: Actor, **asked: str) -> list[exchange.OfferSeen]:
    return list(exchange.offers(actor, Form(asked | {"limit": "5"}).load(schemas.OfferQuery)).items)
