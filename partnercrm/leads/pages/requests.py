"""Requests to offer beyond the trust advance: what waits where a person starts, and one with what may be done."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import requesting
from partnercrm.leads.models.requests import RequestStatus
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import requests
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.panel("home", rank=0)
def asked_of(actor: Actor) -> str | None:
    """Show what waits for whoever decides, and what became of the actor's own requests."""
    if not actor.has("leads:read"):
        return None
    found = requests.requests(actor, Form({"limit": "5"}).load(schemas.RequestQuery)).items
    if requests.may_exceed(actor):
        found = [one for one in found if one.status is RequestStatus.WAITING]
    if not found:
        return None
    return render_template(
        "leads/requests_panel.html",
        asked=found,
        leads=requests.leads_of(actor, found),
        partners=partners(actor),
        decides=requests.may_exceed(actor),
    )


pages.panel("offers_given")(asked_of)


@pages.show("/offer-requests/<uuid:request_id>", scope="leads:read")
def offer_request(actor: Actor, request_id: UUID, form: Form | None = None) -> str:
    """Show what is asked, how far the trust advance has gone, and what may be done."""
    asked = requests.request(actor, request_id)
    partnership = partnerships.joined_partnership(actor, asked.partnership_id)
    standing = requests.turn_of(actor, asked.partnership_id)
    left = standing.left_of(actor.organization_id)
    waits = asked.status is RequestStatus.WAITING
    lead = requests.leads_of(actor, [asked]).get(asked.lead_id)
    frame.stand_under("leads_pages.offers_given")
    return render_template(
        "leads/offer_request.html",
        asked=asked,
        lead=lead,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        standing=standing,
        line=next((one.name for one in partnership.terms.product_lines if one.id == asked.product_line_id), None),
        may_offer=waits and actor.has("leads:write") and lead is not None and (requests.may_exceed(actor) or left != 0),
        is_our_turn=left != 0,
        may_decline=waits and requests.may_exceed(actor),
        is_own=asked.is_asked_by(actor.user_id),
        form=form or Form(),
    )


@pages.act("/offer-requests/<uuid:request_id>/offer", scope="leads:write", again=offer_request)
def offer_requested(actor: Actor, request_id: UUID, form: Form) -> str:
    """Offer what was asked for."""
    offered = requesting.offer_requested(actor, request_id)
    flash(_("The lead is offered. Company and contact open when it is accepted."))
    return url_for("leads_pages.offer", offer_id=offered.id)


@pages.act("/offer-requests/<uuid:request_id>/decline", scope="partnerships:write", again=offer_request)
def decline_request(actor: Actor, request_id: UUID, form: Form) -> str:
    """Say no, with a reason."""
    requesting.decline_request(actor, request_id, form.load(schemas.DeclineRequest))
    return url_for("leads_pages.offer_request", request_id=request_id)


@pages.act("/offer-requests/<uuid:request_id>/withdraw", scope="leads:write", again=offer_request)
def withdraw_request(actor: Actor, request_id: UUID, form: Form) -> Any:
    """Take a request back."""
    requesting.withdraw_request(actor, request_id)
    flash(_("Your request is withdrawn; the lead stays with you."))
    return url_for("leads_pages.offers_given")
