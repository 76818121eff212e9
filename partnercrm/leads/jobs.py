"""What the clock does to offers, and to figures once a month is over."""

from uuid import UUID

from partnercrm.identity import queries as identity
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job
from partnercrm.leads.actions import exchanging, publishing


@job("leads.expire_offer")
def expire_offer(organization_id: str, offer_id: str) -> None:
    """End an offer whose time has passed without an answer."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        exchanging.expire_offer(actor, UUID(offer_id))


@job("leads.publish_figures", every="23 2 * * *")
def publish_figures() -> None:
    """Publish the team figures of months that are over, of every organization."""
    with db.transaction(None, read_only=True):
        every = identity.tenants()
    for organization_id in every:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            publishing.publish_all(actor)
