"""Reading what seems to be one company twice: pairs to decide on, merges to undo, and what is like a new account."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from partnercrm.accounts import queries
from partnercrm.accounts.domains import registrable
from partnercrm.accounts.duplicates import MOST_ALIKE, Known, Reason, name_key, reasons, telling
from partnercrm.accounts.models import Account, AccountDomain, AccountNumber
from partnercrm.accounts.models.duplicates import AccountKey, AccountMerge, AccountPair, PairStatus
from partnercrm.accounts.numbers import Number
from partnercrm.accounts.parents import MOST, is_above, keys_above
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.aliases import shared_alias
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

_NOBODY: Final = UUID(int=0)
_MOST: Final = 50
# Made once: an alias costs more than the statement it is used in.
_FIRST, _SECOND = shared_alias(Account, "first"), shared_alias(Account, "second")


class Alike(NamedTuple):
    """An account that seems to be a company, and why."""

    id: UUID
    name: str
    city: str | None
    country: str | None
    reasons: tuple[Reason, ...]


def pairs_seen_by(actor: Actor) -> Select[AccountPair]:
    """Return the organization's pairs, as far as both accounts are still listed."""
    listed = [
        and_(
            one.organization_id == AccountPair.organization_id,
            one.id == named,
            one.merged_into_id.is_(None),
            one.seeded_for.is_(None),
        )
        for one, named in ((_FIRST, AccountPair.first_id), (_SECOND, AccountPair.second_id))
    ]
    mine = AccountPair.organization_id == actor.organization_id
    return select(AccountPair).join(_FIRST, listed[0]).join(_SECOND, listed[1]).where(mine)


def pairs(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of pairs; those nobody decided on, unless others are asked for."""
    rows = pairs_seen_by(actor).where(AccountPair.status == given["status"])
    return page(actor, _whole(rows), given, sorts={"found_at": AccountPair.found_at}, key=AccountPair.id)


def _whole(rows: Select[AccountPair]) -> Select[AccountPair]:
    """Return pairs with both accounts, and the domains and numbers of each."""
    lists = selectinload(Account.domains), selectinload(Account.numbers)
    return rows.options(*(selectinload(one).options(*lists) for one in (AccountPair.first, AccountPair.second)))


def count_open(actor: Actor) -> int:
    """Return how many pairs wait for somebody, 100 for more than 99."""
    rows = pairs_seen_by(actor).where(AccountPair.status == PairStatus.OPEN).limit(100)
    return db.session().scalar(select(func.count()).select_from(rows.with_only_columns(AccountPair.id).subquery())) or 0


def pair(actor: Actor, pair_id: UUID, *, lock: bool = False) -> AccountPair:
    """Return one pair. Raises NotFound."""
    rows = _whole(pairs_seen_by(actor).where(AccountPair.id == pair_id)).execution_options(populate_existing=True)
    fresh = rows.with_for_update(of=AccountPair) if lock else rows
    found = db.session().scalars(fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def merges_seen_by(actor: Actor) -> Select[AccountMerge]:
    """Return the organization's merges."""
    return select(AccountMerge).where(AccountMerge.organization_id == actor.organization_id)


def merges(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of merges, those of one account where it is named."""
    rows = merges_seen_by(actor)
    if "account_id" in given:
        rows = rows.where(AccountMerge.survivor_id == given["account_id"])
    return page(actor, rows, given, sorts={"merged_at": AccountMerge.merged_at}, key=AccountMerge.id)


def merge(actor: Actor, merge_id: UUID, *, lock: bool = False) -> AccountMerge:
    """Return one merge. Raises NotFound."""
    rows = merges_seen_by(actor).where(AccountMerge.id == merge_id).execution_options(populate_existing=True)
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def merged_into(actor: Actor, account: Account) -> Sequence[tuple[AccountMerge, Account]]:
    """Return the last merges into an account that can be undone, each with the account it took."""
    rows = (
        select(AccountMerge, Account)
        .join(
            Account, and_(Account.organization_id == AccountMerge.organization_id, Account.id == AccountMerge.merged_id)
        )
        .where(
            AccountMerge.organization_id == actor.organization_id,
            AccountMerge.survivor_id == account.id,
            AccountMerge.undone_at.is_(None),
            Account.merged_into_id == account.id,
        )
        .order_by(AccountMerge.merged_at.desc(), AccountMerge.id)
        .limit(MOST_ALIKE)
    )
    return [(one, taken) for one, taken in db.session().execute(rows)]


def known(account: Account) -> Known:
    """Return what an account is recognised by."""
    numbers = frozenset(Number(one.scheme, one.country, one.number) for one in account.numbers)
    hosts = frozenset(one.domain for one in account.domains)
    place = account.country, account.city, account.postal_code
    return Known(account.id, name_key(account.name), hosts, numbers, *place)


def alike(actor: Actor, sought: Known) -> list[Alike]:
    """Return the accounts that seem to be the company sought, with why; those somebody told apart are left out."""
    found = db.session().scalars(queries.whole(_candidates(actor, sought)).limit(MOST_ALIKE))
    weighed = ((one, reasons(sought, known(one))) for one in found)
    return [Alike(one.id, one.name, one.city, one.country, why) for one, why in weighed if why]


def parents(actor: Actor, account_id: UUID) -> list[Account]:
    """Return the accounts that one with none above it seems to stand below, the closest first. Raises NotFound."""
    below = queries.account(actor, account_id).account
    if below.parent_id is not None:
        return []
    keyed = select(AccountKey.account_id).where(
        AccountKey.organization_id == actor.organization_id, AccountKey.name_key.in_(keys_above(below.name))
    )
    rows = queries.accounts_seen_by(actor).where(Account.id.in_(keyed), Account.id != account_id)
    hosts = [one.domain for one in below.domains]
    found = db.session().scalars(
        queries.whole(rows).order_by(func.length(Account.name).desc(), Account.id).limit(_MOST)
    )
    return [one for one in found if is_above(one.name, below.name, (its.domain for its in one.domains), hosts)][:MOST]


def _candidates(actor: Actor, sought: Known) -> Select[Account]:
    rejected = select(AccountPair.id).where(
        AccountPair.organization_id == actor.organization_id,
        AccountPair.status == PairStatus.REJECTED,
        or_(
            and_(AccountPair.first_id == sought.id, AccountPair.second_id == Account.id),
            and_(AccountPair.second_id == sought.id, AccountPair.first_id == Account.id),
        ),
    )
    rows = queries.accounts_seen_by(actor).where(Account.id != sought.id, ~rejected.exists())
    return rows.where(Account.id.in_(_sharing(actor, sought))).order_by(Account.id)


def _sharing(actor: Actor, sought: Known) -> Select[UUID]:
    """Return the ids of accounts that share a number, a domain or a name with the company sought."""
    numbers = [
        and_(
            AccountNumber.number == one.number,
            AccountNumber.scheme == one.scheme,
            AccountNumber.country.is_not_distinct_from(one.country),
        )
        for one in sought.numbers
    ]
    parts: list[tuple[Any, ColumnElement[bool]]] = [
        (AccountDomain, AccountDomain.domain.in_(telling(sought.domains))),
        (AccountKey, AccountKey.name_key == sought.key),
        *((AccountNumber, one) for one in numbers),
    ]
    first, *others = (
        select(part.account_id).where(part.organization_id == actor.organization_id, condition)
        for part, condition in parts
    )
    return first.union_all(*others)  # type: ignore[return-value]


def described(given: Mapping[str, Any]) -> Known:
    """Return what is known of a company that is not here, or not yet."""
    hosts = {
        *given.get("web_domains", ()),
        *given.get("mail_domains", ()),
        *filter(None, [registrable(given.get("domain", ""))]),
    }
    place = given.get("country"), given.get("city"), given.get("postal_code")
    return Known(_NOBODY, name_key(given["name"]), frozenset(hosts), frozenset(given.get("numbers") or ()), *place)
