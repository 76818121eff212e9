"""Sealing and verifying the record, by the clock."""

import structlog

from partnercrm.activity import actions, queries
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job

log = structlog.get_logger(__name__)


@job("activity.seal", every="* * * * *")
def seal() -> None:
    """Add to every chain what has been recorded since."""
    with db.transaction(None, read_only=True):
        waiting = queries.tenants(unsealed=True)
    for organization_id, partnership_id in waiting:
        actor, more = Actor.system(organization_id), True
        while more:
            with db.transaction(actor):
                more = actions.seal(actor, partnership_id)


@job("activity.verify", every="17 3 * * *")
def verify() -> None:
    """Read every chain from its beginning and note what is wrong; a flaw is also an error in the log."""
    with db.transaction(None, read_only=True):
        every = queries.tenants(unsealed=False)
    for organization_id, partnership_id in every:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            found = actions.verify(actor, partnership_id)
        if found:
            chain = str(partnership_id or organization_id)
            log.error("audit.flawed", chain=chain, flaws=len(found), first=found[0].fault.value)
