"""Saying that an account was lost without a partner, and taking that back."""

from collections.abc import Mapping as Values
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.errors import LossIsCounted, LostAlready, NotItsOwner
from partnercrm.accounts.losses import is_over
from partnercrm.accounts.models.losses import AccountLoss
from partnercrm.accounts.queries import introducing
from partnercrm.accounts.queries import losses as queries
from partnercrm.accounts.queries.losses import LossSeen
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import random_id


def lose_account(actor: Actor, account_id: UUID, given: Values[str, Any]) -> LossSeen:
    """Say that the actor lost an account; its owner alone learns which partners were there.

    It stands in no record: whoever reads the trail would read a figure of one person. Raises NotFound, NotItsOwner,
    LostAlready, Invalid.
    """
    account = accounts.account(actor, account_id).account
    if account.owner_id is None or account.owner_id != actor.user_id:
        raise NotItsOwner
    now = clock.now()
    if given["lost_on"] > now.date():
        raise Invalid.field("lost_on", "A day that is still to come cannot be told yet.")
    lost = AccountLoss(
        id=random_id(),
        organization_id=actor.organization_id,
        account_id=account.id,
        user_id=actor.user_id,
        lost_on=given["lost_on"],
        was_common=bool(introducing.introductions(actor, account.id).partners),
        recorded_at=now,
    )
    with db.unique("uq_account_losses_once", LostAlready):
        db.session().add(lost)
    return queries.loss(actor, lost.id)


def withdraw_loss(actor: Actor, loss_id: UUID) -> None:
    """Take back that an account was lost, as long as its year is not told of. Raises NotFound, LossIsCounted."""
    found = queries.loss(actor, loss_id).loss
    if is_over(found.recorded_at.year, clock.now()):
        raise LossIsCounted
    mine = AccountLoss.organization_id == actor.organization_id, AccountLoss.id == loss_id
    db.session().execute(delete(AccountLoss).where(*mine).execution_options(synchronize_session=False))
