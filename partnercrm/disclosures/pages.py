"""Disclosures' pages: what does the partner know, what flowed, and the receipts of one thing."""

from typing import Protocol
from uuid import UUID

from flask import render_template

from partnercrm.disclosures import queries
from partnercrm.disclosures.schemas import ReceiptQuery
from partnercrm.disclosures.words import FIELDS, WORDS
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.tiers import Tier
from partnercrm.web import frame
from partnercrm.web.page import Form, Pages

pages = Pages("disclosures", __name__, WORDS)


class Shared(Protocol):
    """Something shared of which parts are disclosed."""

    id: UUID
    partnership_id: UUID


@pages.show("/partnerships/<uuid:partnership_id>/disclosures", scope="partnerships:read")
def disclosures(actor: Actor, partnership_id: UUID) -> str:
    """Show what each side has shown the other, and what flowed by month."""
    joined = partnerships.joined_partnership(actor, partnership_id)
    filters = Form.asked()
    asked = filters.load(ReceiptQuery)
    theirs = asked.setdefault("discloser_id", actor.organization_id) != actor.organization_id
    found = queries.receipts(actor, partnership_id, asked)
    here = Form(filters.values | {"partnership_id": str(partnership_id)})  # type: ignore[operator]
    first_url, next_url = here.pages("disclosures_pages.disclosures", found.next)
    return render_template(
        "disclosures/disclosures.html",
        partnership=joined,
        partner=joined.name_of(joined.other(actor.organization_id)),
        mine=actor.organization_id,
        theirs=theirs,
        receipts=found.items,
        flows=queries.flows(actor, partnership_id),
        fields=FIELDS,
        filters=filters,
        tiers=frame.choices(Tier),
        first_url=first_url,
        next_url=next_url,
    )


@pages.panel("partnership", rank=4)
def what_they_know(actor: Actor, partnership: Partnership) -> str | None:
    """Lead from a partnership to what its sides have shown each other."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended:
        return None
    partner = partnership.name_of(partnership.other(actor.organization_id))
    return render_template("disclosures/partnership_panel.html", partnership=partnership, partner=partner)


@pages.panel("offer", rank=4)
def receipts(actor: Actor, offer: Shared) -> str | None:
    """Show the receipts of an offer."""
    if not actor.has("partnerships:read"):
        return None
    found = queries.receipts_of(actor, "offers", offer.id)
    partnership = partnerships.joined_partnership(actor, offer.partnership_id)
    return render_template("disclosures/offer_panel.html", receipts=found, partnership=partnership, fields=FIELDS)
