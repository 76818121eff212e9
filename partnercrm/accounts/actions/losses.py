"""Saying that an account was lost without a partner, and taking that back."""

from collections.abc import Mapping as Values
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

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
    require_past(given["lost_on"])
    told = new_loss(actor, account.id, given["lost_on"]) | {"is_said": True}
    with db.unique("uq_account_losses_once", LostAlready):
        db.session().add(AccountLoss(**told))
    return queries.loss(actor, told["id"])


def withdraw_loss(actor: Actor, loss_id: UUID) -> None:
    """Take back that an account was lost, as long as its year is not told of. Raises NotFound, LossIsCounted.

    What a CRM told by its key stays taken back, however often the CRM tells it.
    """
    found = queries.loss(actor, loss_id).loss
    if is_over(found.recorded_at.year, clock.now()):
        raise LossIsCounted
    mine = AccountLoss.organization_id == actor.organization_id, AccountLoss.id == loss_id
    keyed = update(AccountLoss).values(withdrawn_at=clock.now(), account_id=None)
    taken_back = delete(AccountLoss) if found.connector is None else keyed
    db.session().execute(taken_back.where(*mine).execution_options(synchronize_session=False))


def require_past(lost_on: date) -> None:
    """Refuse a day that is still to come. Raises Invalid."""
    if lost_on > clock.now().date():
        raise Invalid.field("lost_on", "A day that is still to come cannot be told yet.")


def new_loss(owner: Actor, account_id: UUID, lost_on: date) -> dict[str, Any]:
    """Return the columns of a loss of an account's owner, told now."""
    return {
        "id": random_id(),
        "organization_id": owner.organization_id,
        "account_id": account_id,
        "user_id": owner.user_id,
        "lost_on": lost_on,
        "was_common": bool(introducing.introductions(owner, account_id).partners),
        "recorded_at": clock.now(),
        "is_said": False,
    }
