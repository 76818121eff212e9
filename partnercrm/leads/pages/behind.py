"""The leads behind a figure of the report: those of one month, product line, country or industry, from both sides."""

from datetime import date
from uuid import UUID

from flask import render_template
from flask_babel import format_date

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.queries import exchange
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/partnerships/<uuid:partnership_id>/leads", scope="leads:read")
def leads_behind(actor: Actor, partnership_id: UUID) -> str:
    """Show the leads both sides offered in one partnership, as the viewer's side sees each."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    filters = Form.asked()
    given = filters.load(schemas.OfferQuery)
    found = exchange.offers(actor, given | {"partnership_id": partnership_id})
    first_url, next_url = filters.pages("leads_pages.leads_behind", found.next, partnership_id=partnership_id)
    lines = {line.id: line.name for line in partnership.terms.product_lines}
    month = given.get("offered_in")
    asked = [
        format_date(date.fromisoformat(f"{month}-01"), "MMMM y") if month else None,
        lines.get(given["product_line_id"]) if "product_line_id" in given else None,
        frame.country(given["country"]) if "country" in given else None,
        given.get("industry"),
    ]
    return render_template(
        "leads/leads_behind.html",
        partnership=partnership,
        asked=[words for words in asked if words],
        offers=found.items,
        sides=[side.organization_id for side in partnership.sides_by_id],
        names={side.organization_id: side.name for side in partnership.sides_by_id},
        first_url=first_url,
        next_url=next_url,
    )
