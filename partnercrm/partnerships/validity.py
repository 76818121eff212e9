"""Which version of what was agreed is in force at a moment. Pure; later versions replace earlier ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar


class Version(Protocol):
    """Something agreed, with the moment from which it holds."""

    version: int
    effective_at: datetime


Agreed = TypeVar("Agreed", bound=Version)


def in_force(versions: Sequence[Agreed], moment: datetime) -> Agreed:
    """Return the highest version that holds at `moment`; the first one before any does.

    `versions` is not empty and ordered by version. A later version that begins earlier replaces those between.
    """
    return next((one for one in reversed(versions) if one.effective_at <= moment), versions[0])
