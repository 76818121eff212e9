"""Joint accounts, over the API: proposing, answering and closing them, and what both sides read of each."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import joint as actions
from partnercrm.accounts.actions import uniting
from partnercrm.accounts.errors import JointAccountMoved, MergedIntoItself
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.queries import joint as queries
from partnercrm.accounts.schemas.joint import (
    AgreeJointAccount,
    JointAccountQuery,
    JointAccountView,
    OtherJointAccount,
    ProposeJointAccount,
)
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.errors import AnsweredByTheOther, PartnershipPaused
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("joint", prefix="/api/v1", description="Companies that both sides work on together, by both sides' opt-in.")


@api.post(
    "/joint-accounts",
    scope="accounts:write",
    body=ProposeJointAccount,
    answers=JointAccountView,
    status=201,
    refuses=(PartnershipPaused,),
    rechecks=queries.joint_account,
)
def propose_joint_account(actor: Actor, given: dict[str, Any]) -> JointAccount:
    """Propose to work on a company together; one that is proposed or open already is answered as it stands now.

    What the partner has proposed is agreed to.
    """
    return actions.propose_joint_account(actor, given)


@api.get("/joint-accounts", scope="accounts:read", answers=JointAccountView, query=JointAccountQuery, pages=True)
def list_joint_accounts(actor: Actor, query: dict[str, Any]) -> Page:
    """List the joint accounts of the partnerships you are a member of."""
    return queries.joint_accounts(actor, query)


@api.get("/joint-accounts/<uuid:joint_account_id>", scope="accounts:read", answers=JointAccountView)
def read_joint_account(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Read a joint account."""
    return queries.joint_account(actor, joint_account_id)


@api.post(
    "/joint-accounts/<uuid:joint_account_id>/agree",
    scope="accounts:write",
    body=AgreeJointAccount,
    answers=JointAccountView,
    refuses=(JointAccountMoved, AnsweredByTheOther, PartnershipPaused),
    rechecks=queries.joint_account,
)
def agree_joint_account(actor: Actor, joint_account_id: UUID, given: dict[str, Any]) -> JointAccount:
    """Agree to work on a company together."""
    return actions.agree_joint_account(actor, joint_account_id, given)


@api.post(
    "/joint-accounts/<uuid:joint_account_id>/decline",
    scope="accounts:write",
    answers=JointAccountView,
    refuses=(JointAccountMoved, AnsweredByTheOther),
    rechecks=queries.joint_account,
)
def decline_joint_account(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Decline to work on a company together."""
    return actions.decline_joint_account(actor, joint_account_id)


@api.post(
    "/joint-accounts/<uuid:joint_account_id>/close",
    scope="accounts:write",
    answers=JointAccountView,
    refuses=(JointAccountMoved,),
    rechecks=queries.joint_account,
)
def close_joint_account(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Work on a company together no longer, or take back what your side proposed."""
    return actions.close_joint_account(actor, joint_account_id)


@api.post(
    "/joint-accounts/<uuid:joint_account_id>/merge",
    scope="accounts:write",
    body=OtherJointAccount,
    answers=JointAccountView,
    refuses=(JointAccountMoved, MergedIntoItself),
    rechecks=queries.joint_account,
)
def merge_joint_account(actor: Actor, joint_account_id: UUID, given: dict[str, Any]) -> JointAccount:
    """Merge another joint account into this one, where both are one company."""
    return uniting.merge_joint_accounts(actor, joint_account_id, given["other_id"])


@api.post(
    "/joint-accounts/<uuid:joint_account_id>/part",
    scope="accounts:write",
    body=OtherJointAccount,
    answers=JointAccountView,
    refuses=(JointAccountMoved,),
    rechecks=queries.joint_account,
)
def part_joint_account(actor: Actor, joint_account_id: UUID, given: dict[str, Any]) -> JointAccount:
    """Undo a merge: the other joint account stands for itself again."""
    return uniting.part_joint_accounts(actor, joint_account_id, given["other_id"])
