"""What imports are to a new organization: a step on the way to its first offer."""

from flask import url_for
from flask_babel import gettext

from partnercrm.integrations.pages.blueprint import pages
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries import exchange, own
from partnercrm.web.page import FirstStep


@pages.first_step(rank=4)
def import_first(actor: Actor) -> FirstStep:
    """Look whether there are leads."""
    return FirstStep(
        own.has_any(actor) or exchange.has_begun(actor),
        gettext("Import your leads"),
        gettext("From a file your CRM exports. They stay your own until one is offered."),
        url_for("integrations_pages.import_form"),
        "leads:write",
    )
