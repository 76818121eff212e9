"""Finding what seems to be one company twice: keys of names kept up to date, and pairs of accounts that share one.

Whole lists are taken set by set in the database; what remains is weighed pair by pair, and never more at a time than
a piece.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts.duplicates import MOST_ALIKE, Known, name_key, reasons
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.duplicates import AccountKey, AccountPair, PairStatus
from partnercrm.accounts.numbers import Number, Scheme
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import random_id

PIECE: Final = 5000
_WEIGHED_AT_ONCE: Final = 1000
_LISTED: Final = "a.organization_id = :organization_id AND a.merged_into_id IS NULL AND a.seeded_for IS NULL"
_CANDIDATES: Final = f"""
    WITH said AS (
        SELECT DISTINCT 'domain:' || d.domain AS what, d.account_id
        FROM account_domains d WHERE d.organization_id = :organization_id
        UNION ALL
        SELECT concat_ws(':', n.scheme, n.country, n.number), n.account_id
        FROM account_numbers n WHERE n.organization_id = :organization_id
        UNION ALL
        SELECT 'name:' || k.name_key, k.account_id
        FROM account_keys k WHERE k.organization_id = :organization_id AND k.name_key <> ''
    ), listed AS MATERIALIZED (
        SELECT s.what, s.account_id FROM said s JOIN accounts a ON a.id = s.account_id WHERE {_LISTED}
    ), telling AS (
        SELECT what FROM listed GROUP BY what HAVING count(*) BETWEEN 2 AND :most
    )
    SELECT DISTINCT one.account_id AS first_id, other.account_id AS second_id
    FROM telling JOIN listed one ON one.what = telling.what
        JOIN listed other ON other.what = telling.what AND one.account_id < other.account_id
"""  # noqa: S608 - composed of the constant above
_GONE: Final = (
    "DELETE FROM account_pairs WHERE organization_id = :organization_id AND status = 'open' AND found_at < :begun"
)
_KNOWN: Final = """
    SELECT a.id, k.name_key, a.country, a.city, a.postal_code,
           ARRAY(SELECT d.domain FROM account_domains d
                 WHERE d.organization_id = a.organization_id AND d.account_id = a.id) AS domains,
           ARRAY(SELECT concat_ws(':', n.scheme, coalesce(n.country, ''), n.number) FROM account_numbers n
                 WHERE n.organization_id = a.organization_id AND n.account_id = a.id) AS numbers
    FROM accounts a JOIN account_keys k ON k.organization_id = a.organization_id AND k.account_id = a.id
    WHERE a.organization_id = :organization_id AND a.id = ANY(:ids)
"""


def keep_keys(actor: Actor, ids: Iterable[UUID]) -> None:
    """Keep the keys of these accounts' names."""
    rows = select(Account.id, Account.version, Account.name)
    _keep(actor, db.rows(rows.where(Account.organization_id == actor.organization_id, Account.id.in_(ids))))


def keep_stale_keys(actor: Actor, after: UUID | None) -> UUID | None:
    """Keep the keys of a piece of the accounts that changed since; return the last of it, None at the end."""
    kept = (AccountKey.organization_id == Account.organization_id) & (AccountKey.account_id == Account.id)
    rows = (
        select(Account.id, Account.version, Account.name)
        .outerjoin(AccountKey, kept)
        .where(Account.organization_id == actor.organization_id, AccountKey.version.is_distinct_from(Account.version))
        .order_by(Account.id)
        .limit(PIECE)
    )
    found = db.rows(rows if after is None else rows.where(Account.id > after))
    _keep(actor, found)
    return found[-1].id if len(found) == PIECE else None


def _keep(actor: Actor, accounts: Sequence[Row[Any]]) -> None:
    if not accounts:
        return
    rows = [
        {
            "organization_id": actor.organization_id,
            "account_id": one.id,
            "version": one.version,
            "name_key": name_key(one.name),
        }
        for one in accounts
    ]
    table = AccountKey.metadata.tables[AccountKey.__tablename__]
    statement = insert(table).from_select(list(rows[0]), select(db.sent(table.c[name] for name in rows[0])))
    told = {name: statement.excluded[name] for name in ("version", "name_key")}
    changed = statement.on_conflict_do_update(index_elements=["organization_id", "account_id"], set_=told)
    db.session().execute(changed, {"rows": db.as_rows(rows)})


def look_for_pairs(actor: Actor) -> None:
    """Have the organization's accounts looked through for pairs, in the background."""
    jobs.defer("accounts.find_duplicates", actor.organization_id)


def find_pairs(actor: Actor) -> None:
    """Propose every pair that seems to be one company, and no other; what was rejected stays so."""
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"pairs/{actor.organization_id}", 0))))
    begun = clock.now()
    # Of a list that was read in a moment ago the planner knows no number, and would go through it for each account.
    db.session().execute(text("SET LOCAL enable_nestloop = off"))
    found = _candidates(actor)
    db.session().execute(text("SET LOCAL enable_nestloop = on; SET LOCAL enable_seqscan = off"))
    while candidates := list(islice(found, _WEIGHED_AT_ONCE)):
        known = _known(actor, {account_id for pair in candidates for account_id in pair})
        weighed = ((*pair, reasons(known[pair[0]], known[pair[1]])) for pair in candidates if known.keys() >= set(pair))
        _propose(actor, [(first, second, list(why)) for first, second, why in weighed if why])
    db.session().execute(text(_GONE), {"organization_id": actor.organization_id, "begun": begun})


def _candidates(actor: Actor) -> Iterator[tuple[UUID, UUID]]:
    asked = {"organization_id": actor.organization_id, "most": MOST_ALIKE}
    found = db.session().execute(text(_CANDIDATES), asked, execution_options={"yield_per": _WEIGHED_AT_ONCE})
    return ((row.first_id, row.second_id) for row in found)


def _known(actor: Actor, ids: set[UUID]) -> Mapping[UUID, Known]:
    asked = {"organization_id": actor.organization_id, "ids": list(ids)}
    return {
        row.id: Known(
            row.id,
            row.name_key,
            frozenset(row.domains),
            frozenset(map(_number, row.numbers)),
            row.country,
            row.city,
            row.postal_code,
        )
        for row in db.session().execute(text(_KNOWN), asked)
    }


def _number(written: str) -> Number:
    scheme, country, number = written.split(":", 2)
    return Number(Scheme(scheme), country or None, number)


def _propose(actor: Actor, found: Sequence[tuple[UUID, UUID, list[str]]]) -> None:
    if not found:
        return
    now = clock.now()
    rows = [
        {
            "id": random_id(),
            "organization_id": actor.organization_id,
            "first_id": first,
            "second_id": second,
            "reasons": why,
            "status": PairStatus.OPEN,
            "found_at": now,
        }
        for first, second, why in found
    ]
    statement = insert(AccountPair)
    told = {name: statement.excluded[name] for name in ("reasons", "found_at")}
    db.session().execute(
        statement.on_conflict_do_update(index_elements=["organization_id", "first_id", "second_id"], set_=told), rows
    )
