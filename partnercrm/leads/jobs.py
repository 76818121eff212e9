"""What the clock does to offers."""

from uuid import UUID

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job
from partnercrm.leads.actions import exchanging


@job("leads.expire_offer")
def expire_offer(organization_id: str, offer_id: str) -> None:
    """End an offer whose time has passed without an answer."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        exchanging.expire_offer(actor, UUID(offer_id))
