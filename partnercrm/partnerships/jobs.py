"""Telling of proposals, on each side by its own hand."""

from uuid import UUID

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job
from partnercrm.partnerships.actions import announcing


@job("partnerships.announce_proposal")
def announce_proposal(organization_id: str, proposal_id: str) -> None:
    """Find whom a proposal reached, and let them be told."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        announcing.announce_proposal(actor, UUID(proposal_id))


@job("partnerships.tell_of_proposal")
def tell_of_proposal(organization_id: str, received_id: str) -> None:
    """Tell an organization's people of a proposal to them."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        announcing.tell_of_proposal(actor, UUID(received_id))


@job("partnerships.tell_of_decline")
def tell_of_decline(organization_id: str, proposal_id: str) -> None:
    """Tell a proposer's people that it was declined."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        announcing.tell_of_decline(actor, UUID(proposal_id))
