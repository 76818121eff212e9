"""When somebody may be told: quiet hours and the hour of the digest, on the clock on their wall."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


def is_quiet(moment: datetime, zone: str, begins: time | None, ends: time | None) -> bool:
    """Tell whether the wall in `zone` shows a time from `begins` until before `ends`, over midnight where need be."""
    if begins is None or ends is None:
        return False
    shown = moment.astimezone(ZoneInfo(zone)).time()
    return begins <= shown < ends if begins <= ends else shown >= begins or shown < ends


def may_tell_at(moment: datetime, zone: str, begins: time | None, ends: time | None) -> datetime:
    """Return `moment`, or the first minute after it that is not quiet; UTC."""
    found = moment.astimezone(UTC)
    while is_quiet(found, zone, begins, ends):
        found = found.replace(second=0, microsecond=0) + _MINUTE
    return found


def next_digest(moment: datetime, zone: str, hour: int) -> datetime:
    """Return the first moment after this one at which the wall shows the hour; UTC.

    A day that skips the hour has it as long after midnight as others; of a day that has it twice, the earlier counts.
    """
    wall = ZoneInfo(zone)
    today = moment.astimezone(wall).date()
    candidates = (datetime.combine(today + day * _DAY, time(hour), wall).astimezone(UTC) for day in range(3))
    return next(candidate for candidate in candidates if candidate > moment)
