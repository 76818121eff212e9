"""Reading the organization's own accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.orm import selectinload

from partnercrm.accounts.models import Account, AccountDomain
from partnercrm.accounts.normalising import without_form
from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.web.paging import Page, page

SORTS: Mapping[str, Any] = {
    "name": func.lower(Account.name),
    "created_at": Account.created_at,
    "updated_at": Account.updated_at,
}
FOUND_MOST = 300
_FILTERS = ("relationship", "industry", "country", "size_band", "connector", "parent_id")


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account as its reader sees it."""

    account: Account
    names_owner: bool = True

    @property
    def id(self) -> UUID:
        """The account's id."""
        return self.account.id

    @property
    def owner_id(self) -> UUID | None:
        """Whose account it is; a list names the reader alone, unless the works agreement says otherwise."""
        return self.account.owner_id if self.names_owner else None

    @property
    def version_tag(self) -> str:
        """The version of the account."""
        return self.account.version_tag


def accounts_seen_by(actor: Actor) -> Select[Account]:
    """Return the organization's accounts: all of them for everybody, who must know whom to ask.

    Not what was merged into another, nor what was seeded as a tripwire.
    """
    return select(Account).where(
        Account.organization_id == actor.organization_id,
        Account.merged_into_id.is_(None),
        Account.seeded_for.is_(None),
    )


def whole(rows: Select[Account]) -> Select[Account]:
    """Return the rows with the domains and numbers of each, in two statements more however many there are."""
    return rows.options(selectinload(Account.domains), selectinload(Account.numbers))


def accounts(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of accounts. Raises FiguresArePrivate where somebody else's are asked for."""
    shown = partial(_in_list, identity.names_in_lists(actor))
    return page(actor, whole(filtered(actor, given)), given, sorts=SORTS, key=Account.id, shown=shown)


def filtered(actor: Actor, given: Mapping[str, Any]) -> Select[Account]:
    """Return the accounts that are like what was asked for. Raises FiguresArePrivate."""
    rows = accounts_seen_by(actor)
    if "q" in given:
        rows = rows.where(Account.id.in_(select(func.step_find_accounts(without_form(given["q"]), FOUND_MOST))))
    if "owner_id" in given:
        if not identity.sees_figures_of(actor, given["owner_id"]):
            raise FiguresArePrivate
        rows = rows.where(Account.owner_id == given["owner_id"])
    for name in _FILTERS:
        if name in given:
            rows = rows.where(getattr(Account, name) == given[name])
    if "domain" in given:
        known = exists().where(
            AccountDomain.organization_id == Account.organization_id,
            AccountDomain.account_id == Account.id,
            AccountDomain.domain == given["domain"],
        )
        rows = rows.where(known)
    return rows


def _in_list(names: Names, row: Row[*tuple[Any, ...]]) -> AccountSeen:
    account: Account = row[0]
    is_told = account.owner_id is None or names.may_tell(account.organization_id, account.owner_id)
    return AccountSeen(account, is_told)


def account(actor: Actor, account_id: UUID, *, lock: bool = False) -> AccountSeen:
    """Return one account with its domains and numbers. Raises NotFound."""
    return _one(accounts_seen_by(actor).where(Account.id == account_id), lock=lock)


def account_under(actor: Actor, connector: str, external_id: str) -> AccountSeen:
    """Return the account that another system knows by this key, or what it was merged into. Raises NotFound."""
    named = select(func.coalesce(Account.merged_into_id, Account.id)).where(
        Account.organization_id == actor.organization_id,
        Account.connector == connector,
        Account.external_id == external_id,
    )
    return _one(accounts_seen_by(actor).where(Account.id == named.scalar_subquery()))


def _one(rows: Select[Account], *, lock: bool = False) -> AccountSeen:
    fresh = whole(rows).execution_options(populate_existing=True)
    found = db.session().scalars(fresh.with_for_update(of=Account) if lock else fresh).one_or_none()
    if found is None:
        raise NotFound
    return AccountSeen(found)


def children(actor: Actor, account_id: UUID) -> Sequence[Account]:
    """Return the accounts directly below one, by name; at most 100."""
    rows = accounts_seen_by(actor).where(Account.parent_id == account_id)
    return db.session().scalars(rows.order_by(func.lower(Account.name), Account.id).limit(100)).all()


def called(actor: Actor, name: str) -> UUID:
    """Return the one account that is called so, in any case. Raises Invalid about `parent_id`."""
    rows = accounts_seen_by(actor).where(func.lower(Account.name) == func.lower(name))
    found = db.session().scalars(rows.limit(2)).all()
    if not found:
        raise Invalid.field("parent_id", "None of your accounts is called like this.")
    if len(found) > 1:
        raise Invalid.field("parent_id", "Several of your accounts are called like this.")
    return found[0].id


def parent_of(actor: Actor, account_id: UUID) -> UUID | None:
    """Return below which account one stands, which stays so until the transaction ends. Raises NotFound."""
    rows = select(Account.parent_id).where(Account.organization_id == actor.organization_id, Account.id == account_id)
    found = db.session().execute(rows.with_for_update(read=True)).one_or_none()
    if found is None:
        raise NotFound
    parent_id: UUID | None = found.parent_id
    return parent_id


def count_owned(actor: Actor, user_id: UUID) -> int:
    """Return how many accounts one of the organization's people owns, for who administrates accounts of people."""
    mine = select(func.count()).where(Account.organization_id == actor.organization_id, Account.owner_id == user_id)
    return db.session().execute(mine).scalar_one()
