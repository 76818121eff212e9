"""What the clock does to registrations."""

from collections.abc import Callable
from uuid import UUID

from partnercrm.deals.actions import watching
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job


@job("deals.ask_for_review")
def ask_for_review(organization_id: str, registration_id: str) -> None:
    """Remind the side a registration waits for; at last what was agreed for silence happens."""
    _run(watching.ask_for_review, organization_id, registration_id)


@job("deals.expire_protection")
def expire_protection(organization_id: str, registration_id: str) -> None:
    """End the protection of a registration once its window is over."""
    _run(watching.expire_protection, organization_id, registration_id)


def _run(act: Callable[[Actor, UUID], None], organization_id: str, registration_id: str) -> None:
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        act(actor, UUID(registration_id))
