"""The night after the demo's last day: windows tell their totals, accounts are compared, books follow."""

from partnercrm.accounts.actions import epochs
from partnercrm.accounts.engine import DuckEngine
from partnercrm.accounts.queries import matching
from partnercrm.identity import queries as identity
from partnercrm.incentives.actions import accruing
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.totalling import tell_totals


def tell() -> None:
    """Tell what the ended windows of every company come to, as the role that may. Needs an application context."""
    with db.transaction(None, read_only=True):
        every = identity.tenants()
    for organization_id in every:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            tell_totals(actor)


def follow() -> None:
    """Let every company's books follow its won deals, and release what was held. Needs an application context."""
    with db.transaction(None, read_only=True):
        every = identity.tenants()
    for organization_id in every:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            accruing.accrue(actor)
        with db.transaction(actor):
            accruing.release(actor)


def compare() -> None:
    """Compare what companies agreed to compare, as the role that may. Needs an application context."""
    with db.transaction(None, read_only=True):
        waiting = matching.due(db.now())
    for organization_id, partnership_id in waiting:
        epochs.run_epoch(Actor.system(organization_id), partnership_id, DuckEngine())
