"""Keeping by what accounts are recognised: domains and register numbers, of one account or of a thousand at once."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Delete, Insert, Uuid, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts.domains import DomainKind
from partnercrm.accounts.models import AccountDomain, AccountNumber
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.db import Base
from partnercrm.kernel.ids import random_id


class Kept(NamedTuple):
    """Where what a field names is kept, and which of the rows there are of that field."""

    model: type[Base]
    kind: DomainKind | None
    compared: tuple[str, ...]


FIELDS: Final[Mapping[str, Kept]] = {
    "web_domains": Kept(AccountDomain, DomainKind.WEB, ("domain",)),
    "mail_domains": Kept(AccountDomain, DomainKind.MAIL, ("domain",)),
    "numbers": Kept(AccountNumber, None, ("scheme", "country", "number")),
}


def identify(actor: Actor, given: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Let accounts, by id, be recognised by the domains and numbers named, and by no others; what is left out stays."""
    for name, kept in FIELDS.items():
        named = {account_id: one[name] or () for account_id, one in given.items() if name in one}
        if not named:
            continue
        rows = [row for account_id, values in named.items() for row in _rows(actor, kept, account_id, values)]
        values = {"rows": db.as_rows(rows), "accounts": list(named), "organization": actor.organization_id}
        db.session().execute(_remove(kept), values)
        if rows:
            db.session().execute(_add(kept), {"rows": values["rows"]})


def _rows(actor: Actor, kept: Kept, account_id: UUID, values: Sequence[Any]) -> list[dict[str, Any]]:
    whose = {"organization_id": actor.organization_id, "account_id": account_id}
    if kept.kind is None:
        return [whose | {"id": random_id()} | number._asdict() for number in dict.fromkeys(values)]
    return [whose | {"id": random_id(), "domain": one, "kind": kept.kind} for one in dict.fromkeys(values)]


@lru_cache
def _remove(kept: Kept) -> Delete:
    """Return the statement that removes what is not named any more."""
    table = Base.metadata.tables[kept.model.__tablename__]
    sent = db.sent(table.c[name] for name in ("account_id", *kept.compared))
    same = [table.c[name].is_not_distinct_from(sent.c[name]) for name in kept.compared]
    statement = delete(table).where(
        table.c.organization_id == bindparam("organization", type_=Uuid()),
        table.c.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid))),
        ~select(sent.c.account_id).where(sent.c.account_id == table.c.account_id, *same).exists(),
    )
    return statement if kept.kind is None else statement.where(table.c.kind == kept.kind)


@lru_cache
def _add(kept: Kept) -> Insert:
    table = Base.metadata.tables[kept.model.__tablename__]
    names = [column.name for column in table.columns]
    return insert(table).from_select(names, select(db.sent(table.columns))).on_conflict_do_nothing()
