"""Percent as people write it, and the integer millionths it stands for. Pure and exact: 33.3333 % are 333,333."""

import re
from typing import Final

WHOLE: Final = 1_000_000
PERCENT: Final = WHOLE // 100
_WRITTEN: Final = re.compile(r"(?P<whole>[0-9]{1,3})(?:[.,](?P<rest>[0-9]{1,4}))?")


def percent(millionths: int) -> str:
    """Return millionths as a plain decimal number of percent, such as 33.3333."""
    whole, rest = divmod(millionths, PERCENT)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def millionths(text: str) -> int | None:
    """Return what a number of percent stands for, written with a point or a comma; None where it is no such number."""
    found = _WRITTEN.fullmatch(text.strip().removesuffix("%").strip())
    return int(found["whole"]) * PERCENT + int((found["rest"] or "").ljust(4, "0")) if found else None
