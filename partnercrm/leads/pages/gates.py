"""What somebody misses before they take a lead on, told before they try."""

from flask import render_template

from partnercrm.enablement.gates import Verdict
from partnercrm.enablement.items import Gated
from partnercrm.enablement.queries import gate
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import OfferStatus, Side
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.queries.exchange import OfferSeen


@pages.panel("offer", rank=-1)
def what_is_missing(actor: Actor, seen: OfferSeen) -> str | None:
    """Show who may accept a lead that waits what they are to know first, if their side asks for it."""
    waits = seen.side is Side.RECEIVER and seen.status is OfferStatus.OFFERED
    if not waits or actor.user_id is None or not actor.has("leads:write"):
        return None
    found = gate.gate(actor, seen.partnership_id, actor.user_id, clock.now(), Gated.RECEIVING)
    if found.verdict is Verdict.PASSED:
        return None
    return render_template("leads/gate.html", gate=found)
