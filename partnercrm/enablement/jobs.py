"""What is told of programmes in the background, and what is counted once a month is over."""

from collections.abc import Callable
from uuid import UUID

from partnercrm.enablement.actions import measuring, telling
from partnercrm.identity import queries as identity
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job


@job("enablement.tell")
def tell(organization_id: str, partnership_id: str) -> None:
    """Tell everybody of a programme whom it concerns and who never was told."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        telling.tell_of_programme(actor, UUID(partnership_id))


@job("enablement.tell_of_reopened")
def tell_of_reopened(organization_id: str, item_id: str) -> None:
    """Tell who knew an item that it changed."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        telling.tell_of_reopened(actor, UUID(item_id))


@job("enablement.remind", every="41 4 * * *")
def remind() -> None:
    """Tell people of every organization what of their knowledge runs out soon."""
    _in_every(telling.remind)


@job("enablement.publish_coverage", every="11 3 * * *")
def publish_coverage() -> None:
    """Count the months that are over, of every organization."""
    _in_every(measuring.publish_coverage)


def _in_every(act: Callable[[Actor], None]) -> None:
    with db.transaction(None, read_only=True):
        tenants = identity.tenants()
    for organization_id in tenants:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            act(actor)
