"""What the clock does to registrations, and what becomes of the bytes of files."""

from collections.abc import Callable
from uuid import UUID

from partnercrm.deals.actions import attaching, watching
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


@job("deals.remove_bytes")
def remove_bytes(organization_id: str, file_id: str) -> None:
    """Remove the bytes of a file that was taken away."""
    with db.transaction(Actor.system(UUID(organization_id))):
        attaching.remove_bytes(UUID(file_id))


@job("deals.sweep_files", every="23 * * * *")
def sweep_files() -> None:
    """Remove the bytes that no file stands for."""
    with db.transaction(None, read_only=True):
        attaching.sweep_files()


def _run(act: Callable[[Actor, UUID], None], organization_id: str, registration_id: str) -> None:
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        act(actor, UUID(registration_id))
