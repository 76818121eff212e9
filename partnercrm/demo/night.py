"""The night after the demo's last day, in which ended windows tell their totals."""

from partnercrm.identity import queries as identity
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
