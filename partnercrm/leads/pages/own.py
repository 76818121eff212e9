"""The organization's own leads."""

from flask import render_template
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, OfferStatus
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import own
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/leads", scope="leads:read")
def leads(actor: Actor) -> str:
    """Show drafts, and what became of the others."""
    filters = Form.asked()
    found = own.leads(actor, filters.load(schemas.LeadQuery))
    first_url, next_url = filters.pages("leads_pages.leads", found.next)
    return render_template(
        "leads/leads.html",
        leads=found.items,
        partners=partners(actor),
        again=MAY_BE_OFFERED_AGAIN,
        filters=filters,
        statuses=[(own.DRAFT, _("Draft")), (own.WITH_PARTNER, _("With a partner")), *frame.choices(OfferStatus)],
        first_url=first_url,
        next_url=next_url,
        files=frame.panels("leads", actor),
    )
