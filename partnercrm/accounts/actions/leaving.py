"""What a leaver's accounts come to: they pass to a successor, so that colleagues find somebody to ask."""

from collections.abc import Sequence

from sqlalchemy import update

from partnercrm.accounts import queries
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import JointAccountSide
from partnercrm.accounts.queries import joint
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many accounts a person owns, and on how many joint ones they work."""
    return (
        Holding("accounts", queries.count_owned(actor, leaver.id)),
        Holding("joint accounts", joint.count_owned(actor, leaver.id)),
    )


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Make the successor the owner of the accounts, and of the own side of joint ones. Raises Invalid."""
    if not (queries.count_owned(actor, leaver.id) or joint.count_owned(actor, leaver.id)):
        return
    if "accounts:write" not in scopes_of(successor.roles):
        raise Invalid.field("successor_id", "Only who may change accounts can take these over.")
    owned = Account.organization_id == actor.organization_id, Account.owner_id == leaver.id
    db.session().execute(
        update(Account)
        .where(*owned)
        .values(owner_id=successor.id, updated_at=clock.now(), version=Account.version + 1)
        .execution_options(synchronize_session=False)
    )
    worked_on = JointAccountSide.organization_id == actor.organization_id, JointAccountSide.owner_id == leaver.id
    db.session().execute(
        update(JointAccountSide)
        .where(*worked_on)
        .values(owner_id=successor.id, version=JointAccountSide.version + 1)
        .execution_options(synchronize_session=False)
    )
