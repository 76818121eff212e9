"""Merging two accounts that are one company, and undoing it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from partnercrm.accounts import queries
from partnercrm.accounts.errors import MergedAlready, MergedIntoItself, MergeFollowed
from partnercrm.accounts.merging import taken_over
from partnercrm.accounts.models import Account, AccountContact, AccountDomain, AccountNumber
from partnercrm.accounts.models.duplicates import AccountMerge, AccountPair, PairStatus
from partnercrm.accounts.models.withheld import WithheldField
from partnercrm.accounts.queries import duplicates
from partnercrm.accounts.queries.withheld import hold_epochs, withheld_of
from partnercrm.accounts.relationships import Relationship
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.ids import new_id, random_id

_RECOGNISED: Final[Mapping[type[AccountDomain | AccountNumber], Sequence[InstrumentedAttribute[Any]]]] = {
    AccountDomain: (AccountDomain.domain, AccountDomain.kind),
    AccountNumber: (AccountNumber.scheme, AccountNumber.country, AccountNumber.number),
}
_UNSYNCHRONIZED: Final = {"synchronize_session": False}
_Column = InstrumentedAttribute[Any]


def merge_accounts(actor: Actor, survivor_id: UUID, merged_id: UUID) -> AccountMerge:
    """Make two accounts one: the survivor takes what it lacks, and all that hangs on the other; both keys stay known.

    What was withheld of either is withheld of the survivor. Raises NotFound, MergedAlready, MergedIntoItself.
    """
    if survivor_id == merged_id:
        raise MergedIntoItself
    withheld = withheld_of(actor, merged_id)
    for partnership_id in sorted({one for one, _ in withheld}):
        hold_epochs(partnership_id)
    held = _held(actor, survivor_id, merged_id)
    survivor, merged = held[survivor_id], held[merged_id]
    if survivor.merged_into_id or merged.merged_into_id:
        raise MergedAlready
    changed = {
        "facts": _take_facts(actor, survivor, merged),
        "domains": _copied(AccountDomain, survivor, merged),
        "numbers": _copied(AccountNumber, survivor, merged),
        "contacts": _moved(AccountContact, AccountContact.account_id, survivor, merged),
        "children": _moved(Account, Account.parent_id, survivor, merged),
        "merged_before": _moved(Account, Account.merged_into_id, survivor, merged),
        "withheld": _withhold(survivor, withheld),
    }
    now = clock.now()
    merged.merged_into_id = survivor.id
    survivor.updated_at = merged.updated_at = now
    made = AccountMerge(
        id=new_id(),
        organization_id=actor.organization_id,
        survivor_id=survivor.id,
        merged_id=merged.id,
        changed=changed,
        merged_at=now,
    )
    db.session().add(made)
    _forget_pairs(actor, merged)
    db.session().flush()
    record(actor, "account.merged", made)
    return made


def undo_merge(actor: Actor, merge_id: UUID) -> AccountMerge:
    """Part two accounts again: what the survivor got goes back, as far as nobody changed it since.

    Raises NotFound, MergeFollowed.
    """
    found = duplicates.merge(actor, merge_id)
    held = _held(actor, found.survivor_id, found.merged_id)
    merge = duplicates.merge(actor, merge_id, lock=True)
    survivor, merged = held[merge.survivor_id], held[merge.merged_id]
    if merge.undone_at or survivor.merged_into_id or merged.merged_into_id != survivor.id:
        raise MergeFollowed
    _give_facts_back(survivor, merged, merge.changed["facts"])
    _remove(AccountDomain, survivor, merge.changed["domains"])
    _remove(AccountNumber, survivor, merge.changed["numbers"])
    _move_back(AccountContact, AccountContact.account_id, merged, survivor, merge.changed["contacts"])
    _move_back(Account, Account.parent_id, merged, survivor, merge.changed["children"])
    _move_back(Account, Account.merged_into_id, merged, survivor, merge.changed["merged_before"])
    _tell_again(survivor, merge.changed.get("withheld", ()))
    merged.merged_into_id = None
    survivor.updated_at = merged.updated_at = merge.undone_at = clock.now()
    db.session().flush()
    record(actor, "account.parted", merge)
    return merge


def reject_pair(actor: Actor, pair_id: UUID) -> AccountPair:
    """Say that two accounts are two companies; they are not proposed again. Raises NotFound."""
    pair = duplicates.pair(actor, pair_id, lock=True)
    if pair.status is PairStatus.OPEN:
        pair.status, pair.rejected_at = PairStatus.REJECTED, clock.now()
        db.session().flush()
        record(actor, "account_pair.rejected", pair)
    return pair


def _held(actor: Actor, *ids: UUID) -> Mapping[UUID, Account]:
    """Return the accounts, locked in the order in which all who write many take them. Raises NotFound."""
    rows = (
        select(Account)
        .where(Account.organization_id == actor.organization_id, Account.id.in_(ids), Account.seeded_for.is_(None))
        .order_by(Account.external_id.collate("C"), Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {account.id: account for account in db.session().scalars(rows)}
    if len(found) < len(ids):
        raise NotFound
    return found


def _take_facts(actor: Actor, survivor: Account, merged: Account) -> dict[str, str | None]:
    """Fill in what the survivor lacks, and put it into the other's place where it stands below that one.

    Returns the former values of what that changed.
    """
    taken = dict(taken_over(survivor, merged))
    stands_below = merged.id in _above(actor, survivor)
    if stands_below or (survivor.parent_id is None and merged.parent_id and survivor.id not in _above(actor, merged)):
        taken["parent_id"] = merged.parent_id
    former = {name: getattr(survivor, name) for name in taken}
    for name, value in taken.items():
        setattr(survivor, name, value)
    db.session().flush()
    return {name: None if value is None else str(value) for name, value in former.items()}


def _give_facts_back(survivor: Account, merged: Account, former: Mapping[str, str | None]) -> None:
    """Set back what still is what the survivor took."""
    read: Mapping[str, Callable[[str], Any]] = {"relationship": Relationship, "parent_id": UUID}
    for name, value in former.items():
        if getattr(survivor, name) == getattr(merged, name):
            setattr(survivor, name, None if value is None else read[name](value))


def _above(actor: Actor, account: Account) -> list[UUID]:
    """Return what stands above an account, which stays so until the transaction ends."""
    found: list[UUID] = []
    above = account.parent_id
    while above is not None and above not in found:
        found.append(above)
        above = queries.parent_of(actor, above)
    return found


def _copied(model: type[AccountDomain | AccountNumber], survivor: Account, merged: Account) -> list[str]:
    """Let the survivor be recognised by what the other is, too; return the ids of what was added."""
    columns = _RECOGNISED[model]
    theirs = select(*columns).where(model.organization_id == merged.organization_id, model.account_id == merged.id)
    rows = [
        {"id": random_id(), "organization_id": survivor.organization_id, "account_id": survivor.id, **one._mapping}  # noqa: SLF001 - its public name
        for one in db.session().execute(theirs)
    ]
    if not rows:
        return []
    added = insert(model).on_conflict_do_nothing().returning(model.id)
    return [str(one) for one in db.session().scalars(added, rows)]


def _remove(model: type[AccountDomain | AccountNumber], survivor: Account, ids: Sequence[str]) -> None:
    mine = model.organization_id == survivor.organization_id, model.account_id == survivor.id
    db.session().execute(delete(model).where(*mine, model.id.in_(map(UUID, ids))).execution_options(**_UNSYNCHRONIZED))


def _moved(model: type[Account | AccountContact], column: _Column, to: Account, origin: Account) -> list[str]:
    """Let everything that names one account in a column name the other; return the ids of what that changed."""
    where = model.organization_id == to.organization_id, column == origin.id, model.id != to.id
    return _named(model, column, to, where)


def _move_back(
    model: type[Account | AccountContact], column: _Column, to: Account, origin: Account, ids: Sequence[str]
) -> None:
    """Undo `_moved`, as far as nobody moved it on."""
    mine = model.organization_id == to.organization_id, column == origin.id, model.id.in_(map(UUID, ids))
    _named(model, column, to, mine)


def _named(
    model: type[Account | AccountContact], column: _Column, to: Account, where: tuple[ColumnElement[bool], ...]
) -> list[str]:
    change = update(model).where(*where).values({column: to.id, model.version: model.version + 1})
    found = db.session().scalars(change.returning(model.id).execution_options(**_UNSYNCHRONIZED))
    return [str(one) for one in found]


def _withhold(survivor: Account, withheld: Sequence[tuple[UUID, str]]) -> list[list[str]]:
    """Withhold of the survivor what was withheld of the other; return what was told of it until now."""
    rows = [
        {
            "organization_id": survivor.organization_id,
            "partnership_id": partnership_id,
            "account_id": survivor.id,
            "field": field,
            "withheld_at": clock.now(),
        }
        for partnership_id, field in withheld
    ]
    if not rows:
        return []
    added = insert(WithheldField).on_conflict_do_nothing().returning(WithheldField.partnership_id, WithheldField.field)
    return [[str(one.partnership_id), one.field] for one in db.session().execute(added, rows)]


def _tell_again(survivor: Account, withheld: Sequence[Sequence[str]]) -> None:
    for partnership_id, field in withheld:
        kept = (
            WithheldField.organization_id == survivor.organization_id,
            WithheldField.account_id == survivor.id,
            WithheldField.partnership_id == UUID(partnership_id),
            WithheldField.field == field,
        )
        db.session().execute(delete(WithheldField).where(*kept).execution_options(**_UNSYNCHRONIZED))


def _forget_pairs(actor: Actor, merged: Account) -> None:
    """Propose the merged account no more; of who was told to be another company that is remembered."""
    named = or_(AccountPair.first_id == merged.id, AccountPair.second_id == merged.id)
    mine = AccountPair.organization_id == actor.organization_id, AccountPair.status == PairStatus.OPEN
    db.session().execute(delete(AccountPair).where(*mine, named).execution_options(**_UNSYNCHRONIZED))
