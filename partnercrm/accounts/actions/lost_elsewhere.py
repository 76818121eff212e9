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
from partnercrm.kernel import clock, db
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
    account = _told_of(actor, connector, account_key)
    if account.owner_id is None:
        raise NobodysAccount
    require_past(given["lost_on"])
    told = LossTold(account.id, connector, external_id, given["lost_on"])
    known = _held(actor, connector, external_id)
    if known is not None and known.retracted_at is not None and _may_change(actor, known):
        _require_same(known, told.account_id)
        _forget_key(known)
        known = None
    if known is None:
        _enter(identity.colleague(actor, account.owner_id), told)
    elif known.withdrawn_at is None and _may_change(actor, known):
        _correct(known, told)
    return told


def retract_loss(actor: Actor, connector: str, account_key: str, external_id: str) -> None:
    """Say that an account was not lost after all, under the key by which that was told; safe to repeat.

    Its owner reads that it was taken back, in no year that is still to be told it counts, and whoever shares the
    account learns of neither. What the owner said themselves stands, and has no key any more. Raises NotFound,
    NotItsOwner, LossOfAnotherAccount.
    """
    account = _told_of(actor, connector, account_key)
    known = _held(actor, connector, external_id)
    if known is None or known.withdrawn_at is not None or not _may_change(actor, known):
        return
    _require_same(known, account.id)
    if known.is_said:
        _forget_key(known)
    elif known.retracted_at is None:
        known.retracted_at = clock.now()
    db.session().flush()


def _told_of(actor: Actor, connector: str, account_key: str) -> Account:
    """Return the account that a loss is told of, by a program or by its owner. Raises NotFound, NotItsOwner."""
    account = accounts.account_under(actor, connector, account_key).account
    if account.owner_id != actor.user_id and Role.INTEGRATION not in actor.roles:
        raise NotItsOwner
    return account


def _held(actor: Actor, connector: str, external_id: str) -> AccountLoss | None:
    """Return what stands under a key; nobody else tells of this key until the transaction ends."""
    of_key = func.hashtextextended(f"loss/{actor.organization_id}/{connector}/{external_id}", 0)
    db.session().execute(select(func.pg_advisory_xact_lock(of_key)))
    return queries.loss_under(actor, connector, external_id)


def _may_change(actor: Actor, known: AccountLoss) -> bool:
    return Role.INTEGRATION in actor.roles or known.user_id == actor.user_id


def _require_same(known: AccountLoss, account_id: UUID) -> None:
    """Refuse a loss of another account. Raises LossOfAnotherAccount."""
    if known.account_id is not None and _stands_for(known) != account_id:
        raise LossOfAnotherAccount


def _forget_key(known: AccountLoss) -> None:
    known.connector = known.external_id = None
    db.session().flush()


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
            AccountLoss.retracted_at.is_(None),
            AccountLoss.connector.is_(None),
        )
        db.session().execute(update(AccountLoss).where(*said).values(key).execution_options(synchronize_session=False))


def _correct(known: AccountLoss, told: LossTold) -> None:
    """Bring the day up to date; where the owner said as much of that day already, nothing changes.

    A total counts by when a loss was told, so that none moves.
    """
    _require_same(known, told.account_id)
    account_id = known.account_id or told.account_id
    other = aliased(AccountLoss)
    said = select(other.id).where(
        other.organization_id == known.organization_id,
        other.user_id == known.user_id,
        other.account_id == account_id,
        other.lost_on == told.lost_on,
        other.withdrawn_at.is_(None),
        other.retracted_at.is_(None),
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
