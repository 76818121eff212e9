"""Registered deals among what told partners of an account: the way to each, and what the partner reads of them."""

from collections.abc import Sequence

from flask import render_template

from partnercrm.accounts.queries.receipts import in_name_of_partner
from partnercrm.accounts.receipts import Receipt, Through
from partnercrm.deals import queries
from partnercrm.deals.pages.blueprint import pages
from partnercrm.kernel.actor import Actor


@pages.panel("receipt")
def deal_of_receipt(actor: Actor, receipt: Receipt) -> str | None:
    """Lead from a receipt to the registered deal that told it."""
    if receipt.through is not Through.REGISTRATION:
        return None
    return render_template("deals/receipt.html", registration_id=receipt.through_id)


@pages.panel("account as partner")
def deals_as_partner(actor: Actor, told: Sequence[Receipt]) -> str | None:
    """Show the registered deals that told a partner of an account, by the partner's own queries."""
    found = [
        queries.registration(in_name_of_partner(actor, one.partnership_id), one.through_id)
        for one in told
        if one.through is Through.REGISTRATION
    ]
    return render_template("deals/as_partner_panel.html", registrations=found) if found else None
