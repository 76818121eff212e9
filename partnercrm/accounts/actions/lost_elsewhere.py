"""Losses that another system tells by its own key, in the name of whoever owns the account."""

from collections.abc import Mapping as Values
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions.losses import new_loss, require_past
from partnercrm.accounts.errors import LossOfAnotherAccount, NobodysAccount, NotItsOwner
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.losses import AccountLoss
from partnercrm.accounts.queries import losses as queries
from partnercrm.identity import queries as identity
from partnercrm.identity.scopes import Role
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


class LossTold(NamedTuple):
    """What another system told; the same whatever was known before."""

    account_id: UUID
    connector: str
    external_id: str
    lost_on: date


def put_loss(actor: Actor, connector: str, account_key: str, external_id: str, given: Values[str, Any]) -> LossTold:
    """Say that an account was lost, under another system's key; safe to repeat.

    An integration says it in the name of the account's owner, who alone reads it; a person of their own accounts. What
    the owner said of that day stands for it, what they took back stays so, and the answer tells neither. Raises
    NotFound, NotItsOwner, NobodysAccount, LossOfAnotherAccount, Invalid.
    """
    account = accounts.account_under(actor, connector, account_key).account
    is_program = Role.INTEGRATION in actor.roles
    if account.owner_id != actor.user_id and not is_program:
        raise NotItsOwner
    if account.owner_id is None:
        raise NobodysAccount
    require_past(given["lost_on"])
    told = LossTold(account.id, connector, external_id, given["lost_on"])
    db.session().execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"loss/{connector}/{external_id}", 0)))
    )
    known = queries.loss_under(actor, connector, external_id)
    if known is None:
        _enter(identity.colleague(actor, account.owner_id), told)
    elif known.withdrawn_at is None and (is_program or known.user_id == actor.user_id):
        _correct(known, told)
    return told


def _enter(owner: Actor, told: LossTold) -> None:
    """Enter a loss, or note its key with what the owner said of that day."""
    key = {"connector": told.connector, "external_id": told.external_id}
    made = new_loss(owner, told.account_id, told.lost_on) | key
    entered = db.session().execute(
        insert(AccountLoss).values(**made).on_conflict_do_nothing().returning(AccountLoss.id)
    )
    if entered.one_or_none() is None:
        said = (
            AccountLoss.organization_id == owner.organization_id,
            AccountLoss.user_id == owner.user_id,
            AccountLoss.account_id == told.account_id,
            AccountLoss.lost_on == told.lost_on,
            AccountLoss.withdrawn_at.is_(None),
            AccountLoss.connector.is_(None),
        )
        db.session().execute(update(AccountLoss).where(*said).values(key).execution_options(synchronize_session=False))


def _correct(known: AccountLoss, told: LossTold) -> None:
    """Bring the day up to date; where the owner said as much of that day already, nothing changes.

    A total counts by when a loss was told, so that none moves.
    """
    if known.account_id is not None and _stands_for(known) != told.account_id:
        raise LossOfAnotherAccount
    account_id = known.account_id or told.account_id
    other = aliased(AccountLoss)
    said = select(other.id).where(
        other.organization_id == known.organization_id,
        other.user_id == known.user_id,
        other.account_id == account_id,
        other.lost_on == told.lost_on,
        other.withdrawn_at.is_(None),
        other.id != known.id,
    )
    changed = (
        update(AccountLoss)
        .where(AccountLoss.organization_id == known.organization_id, AccountLoss.id == known.id, ~said.exists())
        .values(lost_on=told.lost_on, account_id=account_id)
    )
    db.session().execute(changed.execution_options(synchronize_session=False))


def _stands_for(known: AccountLoss) -> UUID | None:
    """Return what the account of a loss is now: what it was merged into, or itself."""
    mine = Account.organization_id == known.organization_id, Account.id == known.account_id
    return db.session().scalar(select(func.coalesce(Account.merged_into_id, Account.id)).where(*mine))
