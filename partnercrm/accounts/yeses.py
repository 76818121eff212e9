"""How many yeses somebody may have standing in a partnership, and until when one stands; pure."""

from datetime import datetime, timedelta
from typing import Final

MOST: Final = 20
"""Who said yes to a whole list would learn of every yes on the other side."""


def may_say_another(standing: int) -> bool:
    """Tell whether somebody with so many unanswered yeses may say one more."""
    return standing < MOST


def ends_at(said_at: datetime, days: int) -> datetime:
    """Return when a yes that nobody answered ends."""
    return said_at + timedelta(days=days)
