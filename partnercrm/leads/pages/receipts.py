"""Leads among what told partners of an account: the way to each, and to each as the partner sees it."""

from collections.abc import Sequence

from flask import render_template

from partnercrm.accounts.receipts import Receipt, Through
from partnercrm.kernel.actor import Actor
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.queries import exchange


@pages.panel("receipt")
def lead_of_receipt(actor: Actor, receipt: Receipt) -> str | None:
    """Lead from a receipt to the lead that told it."""
    if receipt.through is not Through.OFFER:
        return None
    return render_template("leads/receipt.html", offer_id=receipt.through_id)


@pages.panel("account as partner")
def leads_as_partner(actor: Actor, told: Sequence[Receipt]) -> str | None:
    """Show the leads that told a partner of an account, by the partner's own queries."""
    offers = [exchange.offer_as_partner(actor, one.through_id)[1] for one in told if one.through is Through.OFFER]
    return render_template("leads/as_partner_panel.html", offers=offers) if offers else None
