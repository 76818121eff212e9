"""What registered deals show where a person starts: what waits for a review, and one's own that wait for oneself."""

from flask import render_template

from partnercrm.deals import queries, schemas
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.reading import partner_names, product_lines
from partnercrm.deals.registering import RegistrationStatus
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.panel("home", rank=1)
def deals_to_do(actor: Actor) -> str | None:
    """Show what waits for the viewer, and the way to register a deal."""
    if not actor.has("deals:write") or not actor.partnership_ids:
        return None
    waiting = []
    if actor.has("deals:review"):
        waiting += _some(actor, direction="received", status=RegistrationStatus.SUBMITTED.value, sort="respond_by")
        waiting += _some(actor, direction="received", status=RegistrationStatus.IN_REVIEW.value, sort="respond_by")
    waiting += _some(actor, mine="true", status=RegistrationStatus.ACTION_REQUIRED.value, sort="respond_by")
    return render_template(
        "deals/home_deals.html", waiting=waiting, partners=partner_names(actor), lines=product_lines(actor)
    )


def _some(actor: Actor, **asked: str) -> list[queries.RegistrationSeen]:
    given = Form(asked | {"limit": "5"}).load(schemas.RegistrationQuery)
    return list(queries.registrations(actor, given).items)
