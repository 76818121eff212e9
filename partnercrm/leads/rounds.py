"""The life of an exchange round: proposed, agreed by the other side, then revealed or returned; pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MOST_LEADS: Final = 20
LEAST_TIME: Final = timedelta(hours=1)
MOST_TIME: Final = timedelta(days=90)
_NOTICE: Final = timedelta(days=1)


class RoundStatus(StrEnum):
    """Where a round stands; returned is what ends without an exchange, whatever the cause."""

    PROPOSED = "proposed"
    OPEN = "open"
    REVEALED = "revealed"
    RETURNED = "returned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


GOING_ON: Final = frozenset({RoundStatus.PROPOSED, RoundStatus.OPEN})


def is_long_enough(now: datetime, ends_at: datetime) -> bool:
    """Tell whether a round that is proposed now leaves time to prepare, and ends in reach."""
    return now + LEAST_TIME <= ends_at <= now + MOST_TIME


def reminder_at(agreed_at: datetime, ends_at: datetime) -> datetime:
    """Return when who has not sealed is reminded: a day before the end, of a short round half-way."""
    return ends_at - min(_NOTICE, (ends_at - agreed_at) / 2)
