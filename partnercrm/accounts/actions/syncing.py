"""Bringing accounts up to date by the keys another system knows them by: one, or many in few statements."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Text, Update, Uuid, any_, bindparam, case, column, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.sql.dml import ReturningInsert

from partnercrm.accounts import queries
from partnercrm.accounts.actions.identifying import identify
from partnercrm.accounts.actions.keeping import FACTS, NO_OWNER, change_account, require_owner, strangers
from partnercrm.accounts.actions.recognising import keep_keys
from partnercrm.accounts.errors import AccountsRefused
from partnercrm.accounts.models import Account
from partnercrm.accounts.queries import AccountSeen
from partnercrm.accounts.relationships import Relationship
from partnercrm.activity.actions import record_all
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Told
from partnercrm.kernel.ids import random_id

_ENTERED: Final = ("id", "organization_id", "connector", "external_id", *FACTS, "created_at", "updated_at", "version")


class KeptAccount(NamedTuple):
    """An account known by another system's key: whether it was entered just now, or stood there before."""

    id: UUID
    connector: str
    external_id: str
    entered: bool


def put_account(actor: Actor, connector: str, external_id: str, given: Mapping[str, Any]) -> AccountSeen:
    """Enter the account that another system knows by this key, or bring it up to date; safe to repeat.

    Raises Invalid.
    """
    require_owner(actor, given)
    [kept] = upsert(actor, [dict(given) | {"connector": connector, "external_id": external_id}])
    if "parent_id" not in given:
        return queries.account(actor, kept.id)
    standing = queries.account(actor, kept.id)
    return change_account(actor, kept.id, {"parent_id": given["parent_id"]}, standing.version_tag)


def put_accounts(actor: Actor, items: Sequence[Mapping[str, Any]]) -> list[KeptAccount]:
    """Enter or update many accounts by their keys, all or none. Raises AccountsRefused."""
    seen: dict[tuple[str, str], int] = {}
    errors = []
    for number, item in enumerate(items):
        if _key(item) in seen:
            message = Told("This key stands in item %(item)d already.", item=seen[_key(item)])
            errors.append(FieldError(f"accounts.{number}.external_id", message))
        seen.setdefault(_key(item), number)
    errors += _wrong_owners(actor, items)
    if errors:
        raise AccountsRefused(errors)
    return upsert(actor, items)


def upsert(actor: Actor, items: Sequence[Mapping[str, Any]]) -> list[KeptAccount]:
    """Insert or update accounts by (connector, external id), no two of the same; return them in the items' order.

    Fields an item leaves out keep their value in an account that exists. The key of an account that was merged into
    another names the survivor, which is left to its own key. Owners are those who stay: see `strangers`. All are taken
    in the order of their keys, so that two calls never entangle.
    """
    now = clock.now()
    new = {"organization_id": actor.organization_id, "relationship": Relationship.PROSPECT, "version": 1}
    rows = [
        new | {"id": random_id(), "created_at": now, "updated_at": now} | _told(item)
        for item in sorted(items, key=_key)
    ]
    ids = {row["id"] for row in rows}
    found = db.session().execute(_enter(), {"rows": db.as_rows(rows)})
    kept, merged = dict[tuple[str, str], KeptAccount](), set[tuple[str, str]]()
    for row in found:
        key = row.connector, row.external_id
        kept[key] = KeptAccount(row.merged_into_id or row.id, *key, row.id in ids)
        if row.merged_into_id:
            merged.add(key)
    own = [item for item in items if _key(item) not in merged]
    known = [
        _told(item) | {"id": kept[_key(item)].id, "named": [name for name in FACTS if name in item]}
        for item in own
        if not kept[_key(item)].entered
    ]
    if known:
        values = {"rows": db.as_rows(known), "organization": actor.organization_id}
        db.session().execute(_change(), values)
    identify(actor, {kept[_key(item)].id: item for item in own})
    keep_keys(actor, [kept[_key(item)].id for item in own])
    record_all(actor, "account.synced", Account, [one.id for one in kept.values()])
    db.session().expire_all()
    return [kept[_key(item)] for item in items]


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["connector"], item["external_id"]


def _told(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("connector", "external_id", *FACTS) if name in item}


def _wrong_owners(actor: Actor, items: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    wrong = strangers(actor, {item.get("owner_id") for item in items})
    return [
        FieldError(f"accounts.{number}.owner_id", NO_OWNER)
        for number, item in enumerate(items)
        if item.get("owner_id") in wrong
    ]


@cache
def _enter() -> ReturningInsert[Any]:
    """Return the statement that enters what is new, and holds what is known until it is changed."""
    table = Account.metadata.tables[Account.__tablename__]
    statement = insert(table).from_select(_ENTERED, select(db.sent(table.c[name] for name in _ENTERED)))
    return statement.on_conflict_do_update(
        index_elements=["organization_id", "connector", "external_id"],
        set_={"version": table.c.version + 1, "updated_at": statement.excluded.updated_at},
    ).returning(table.c.id, table.c.connector, table.c.external_id, table.c.merged_into_id)


@cache
def _change() -> Update:
    """Return the statement that changes of each account the fields that were named for it."""
    table = Account.metadata.tables[Account.__tablename__]
    named = column("named", ARRAY(Text()))
    rows = db.sent([table.c.id, *(table.c[name] for name in FACTS), named])
    return (
        update(table)
        .where(table.c.organization_id == bindparam("organization", type_=Uuid()), table.c.id == rows.c.id)
        .values(
            {name: case((literal(name) == any_(rows.c.named), rows.c[name]), else_=table.c[name]) for name in FACTS}
        )
    )
