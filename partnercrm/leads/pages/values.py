"""What one lead is worth, on the lead's page: who of the two sides says yes to telling it exactly."""

from collections.abc import Callable
from uuid import UUID

from flask import render_template, url_for

from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import valuing
from partnercrm.leads.actions.steps import tells_exactly
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import offer as offer_page
from partnercrm.leads.queries import values
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.values import ValuesSeen
from partnercrm.partnerships import queries as partnerships
from partnercrm.web.page import Form


@pages.panel("offer", rank=3)
def exact_value(actor: Actor, seen: OfferSeen) -> str | None:
    """Show who says yes to telling what a lead is worth, where the terms tell bands, and let one's own side say so."""
    told, partnership = values.values_of(actor, seen), partnerships.joined_partnership(actor, seen.partnership_id)
    said = told.giver_agreed_at or told.receiver_agreed_at
    if not said and (tells_exactly(partnership) or not valuing.may_be_agreed(seen)):
        return None
    return render_template(
        "leads/offer_values.html",
        offer=seen,
        told=told,
        sides=[
            (partnership.name_of(seen.giver_id), told.giver_agreed_at),
            (partnership.name_of(seen.receiver_id), told.receiver_agreed_at),
        ],
        own=values.own_amount(actor, seen),
        may_agree=actor.has("leads:write") and not told.agreed_at(seen.side) and valuing.may_be_agreed(seen),
        may_take_back=actor.has("leads:write") and told.agreed_at(seen.side) is not None,
    )


def _saying(path: str, act: Callable[[Actor, UUID], ValuesSeen]) -> None:
    def say(actor: Actor, offer_id: UUID, form: Form) -> str:
        act(actor, offer_id)
        return url_for("leads_pages.offer", offer_id=offer_id, _anchor="exact-value")

    say.__name__ = act.__name__
    pages.act(f"/offers/<uuid:offer_id>/{path}", scope="leads:write", again=offer_page)(say)


_saying("agree-value", valuing.agree_value)
_saying("take-back-value", valuing.take_back_value)
