"""When what reports count of a partnership is settled: who writes it holds back who asks."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, func, select

from partnercrm.kernel import clock, db

_SETTLEMENT: Final = func.hashtextextended("steps/" + bindparam("partnership", type_=Text()), 0)
_SETTLE: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"
_SETTLED: Final = select(
    func.pg_advisory_lock(_SETTLEMENT), func.clock_timestamp(), func.pg_advisory_unlock(_SETTLEMENT)
)


def settle(partnership_id: UUID) -> None:
    """Hold back, until the open transaction ends, whoever asks for the partnership's settled moment.

    Called before anything is written that a report counts by `recorded_at <= as_of`, so that a moment reported
    before never gains a row.
    """
    db.driver_connection().execute(_SETTLE, [f"steps/{partnership_id}"])


def settled_at(partnership_id: UUID) -> datetime:
    """Return a moment of the database's clock up to which nothing a report counts is still being written.

    Where a test set a later time, it is that.
    """
    moment: datetime = db.session().execute(_SETTLED, {"partnership": f"{partnership_id}"}).one()[1]
    return max(moment - timedelta(microseconds=1), clock.frozen() or moment.min.replace(tzinfo=UTC))
