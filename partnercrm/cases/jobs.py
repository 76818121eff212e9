"""What follows later from a case."""

from uuid import UUID

from partnercrm.cases.actions import moderating
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job


@job("cases.take_effect")
def take_effect(organization_id: str, case_id: str) -> None:
    """Let follow, in the opener's organization, what follows from a moderator's decision."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        moderating.take_effect(actor, UUID(case_id))
