"""Writing journals: each whole, to the period of its day; where that is closed to the next open one, with a pointer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Insert, insert

from partnercrm.incentives.models.ledgers import Entry, Journal, LedgerPeriod
from partnercrm.incentives.plans import QuotaPeriod, period_start
from partnercrm.incentives.posting import Account, Kind, Reason, following
from partnercrm.incentives.queries import accruing as queries
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.db import Base
from partnercrm.kernel.ids import new_id


class Line(NamedTuple):
    """One entry to write: what `of` names is what it is for."""

    account: Account
    minor: int
    currency: str
    of: dict[str, Any]


class Draft(NamedTuple):
    """A journal to write."""

    kind: Kind
    on: date
    lines: Sequence[Line]
    reason: Reason | None = None


def post(actor: Actor, drafts: Iterable[Draft]) -> list[UUID]:
    """Write journals into the organization's books, which the caller holds; return their ids.

    The database refuses, when the transaction ends, what does not sum to nothing.
    """
    written = list(drafts)
    closed = queries.last_closed(actor)
    places = [_place(draft.on, closed) for draft in written]
    _open(actor, {period_on for period_on, _ in places})
    ids = [new_id() for _ in written]
    journals = [
        {
            "organization_id": actor.organization_id,
            "id": journal_id,
            "kind": draft.kind,
            "period_on": period_on,
            "happened_on": draft.on,
            "late_for": late_for,
            "lines": len(draft.lines),
            "reason": draft.reason,
            "made_by": actor.user_id,
        }
        for journal_id, draft, (period_on, late_for) in zip(ids, written, places, strict=True)
    ]
    write(Journal, journals)
    write(Entry, [row for one, draft in zip(ids, written, strict=True) for row in _rows(actor, one, draft)])
    return ids


def write(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, all by one statement."""
    if rows:
        db.session().execute(insertion(model, tuple(rows[0])), {"rows": db.as_rows(rows)})


@lru_cache(maxsize=16)
def insertion(model: type[Base], names: tuple[str, ...]) -> Insert:
    """Return the statement that inserts `rows` of these columns."""
    table = model.metadata.tables[model.__tablename__]
    return insert(table).from_select(names, select(db.sent(table.c[name] for name in names)))


def _rows(actor: Actor, journal_id: UUID, draft: Draft) -> Iterable[dict[str, Any]]:
    nothing = dict.fromkeys(("user_id", "partnership_id", "deal_id", "revenue_id", "rule", "place", "portion"))
    for number, line in enumerate(draft.lines, 1):
        yield {
            "organization_id": actor.organization_id,
            "journal_id": journal_id,
            "lines": len(draft.lines),
            "line": number,
            "account": line.account,
            "minor": line.minor,
            "currency": line.currency,
            **nothing,
            **line.of,
        }


def _place(on: date, closed: date | None) -> tuple[date, date | None]:
    """Return to which period something of a day is posted, and for which closed one it is late."""
    month = period_start(QuotaPeriod.MONTH, on)
    return (month, None) if closed is None or month > closed else (following(closed), month)


def _open(actor: Actor, periods: Iterable[date]) -> None:
    rows = [{"organization_id": actor.organization_id, "starts_on": one} for one in sorted(periods)]
    if rows:
        db.session().execute(insert(LedgerPeriod).values(rows).on_conflict_do_nothing())
