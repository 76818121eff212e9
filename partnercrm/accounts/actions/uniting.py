"""Merging two joint accounts that are one company, and undoing it; what hangs on either stays where it hangs."""

from typing import Final
from uuid import UUID

from partnercrm.accounts.errors import JointAccountMoved, MergedIntoItself
from partnercrm.accounts.joint import JointStatus
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.queries import joint as queries
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.partnerships import queries as partnerships

NOT_BESIDE: Final = "There is no such joint account in this partnership."


def merge_joint_accounts(actor: Actor, survivor_id: UUID, other_id: UUID) -> JointAccount:
    """Let one open joint account stand for another of the same partnership; either side may, until it is undone.

    What the other is recognised by, and what hangs on it, is found by the survivor. Raises NotFound, JointAccountMoved,
    MergedIntoItself, Invalid.
    """
    survivor, other = _both(actor, survivor_id, other_id)
    if survivor is other:
        raise MergedIntoItself
    if survivor.status is not JointStatus.OPEN or other.status is not JointStatus.OPEN:
        raise JointAccountMoved
    now = clock.now()
    other.status, other.closed_at, other.merged_into_id, other.updated_at = JointStatus.CLOSED, now, survivor.id, now
    survivor.updated_at = now
    db.session().flush()
    record(actor, "joint_account.merged", survivor, merged_id=str(other.id))
    return queries.joint_account(actor, survivor_id)


def part_joint_accounts(actor: Actor, survivor_id: UUID, other_id: UUID) -> JointAccount:
    """Let a joint account that was merged stand for itself again, unless its name was taken back meanwhile.

    Raises NotFound, JointAccountMoved, Invalid.
    """
    survivor, other = _both(actor, survivor_id, other_id)
    if other.merged_into_id != survivor.id or other.name is None:
        raise JointAccountMoved
    now = clock.now()
    other.status, other.closed_at, other.merged_into_id, other.updated_at = JointStatus.OPEN, None, None, now
    survivor.updated_at = now
    db.session().flush()
    record(actor, "joint_account.parted", survivor, merged_id=str(other.id))
    return queries.joint_account(actor, survivor_id)


def _both(actor: Actor, survivor_id: UUID, other_id: UUID) -> tuple[JointAccount, JointAccount]:
    """Return two joint accounts of one partnership, locked. Raises NotFound, Invalid."""
    partnership_id = queries.joint_account(actor, survivor_id).partnership_id
    partnerships.held_partnership(actor, partnership_id)
    held = queries.held(partnership_id, (survivor_id, other_id))
    if other_id not in held:
        raise Invalid.field("other_id", NOT_BESIDE)
    return held[survivor_id], held[other_id]
