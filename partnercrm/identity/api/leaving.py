"""Leaving by the API: handing over, closing an account."""

from typing import Any
from uuid import UUID

from partnercrm.identity import actions, queries
from partnercrm.identity.api.door import api
from partnercrm.identity.errors import AccountClosed, AccountStillHolds, LastAdmin
from partnercrm.identity.models import User
from partnercrm.identity.schemas import CloseAccount, HandOver, UserView
from partnercrm.kernel.actor import Actor


@api.post(
    "/users/<uuid:user_id>/hand-over",
    scope="identity:write",
    body=HandOver,
    answers=UserView,
    refuses=(AccountClosed,),
    rechecks=queries.user,
)
def hand_over(actor: Actor, user_id: UUID, given: dict[str, Any]) -> User:
    """Pass everything a person holds to a colleague: leads, open offers, memberships, open proposals."""
    return actions.hand_over(actor, user_id, given["successor_id"])


@api.post(
    "/users/<uuid:user_id>/close",
    scope="identity:write",
    body=CloseAccount,
    answers=UserView,
    refuses=(AccountStillHolds, AccountClosed, LastAdmin),
    rechecks=queries.user,
)
def close_account(actor: Actor, user_id: UUID, given: dict[str, Any]) -> User:
    """Close a person's account for good; what they hold passes to the successor named, or must have passed before."""
    return actions.close_account(actor, user_id, given.get("successor_id"))
