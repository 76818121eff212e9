"""Recognising how a file is written: what parts its columns, its amounts and days. What is open stays open."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

from partnercrm.integrations.reading import DELIMITERS, DateForm, DecimalMark

_AMOUNT: Final = re.compile(r"[0-9][0-9 .,'\u00a0\u202f]*")
_POINT: Final = re.compile(
    r"[0-9]+\.[0-9]{1,2}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{4,}\.[0-9]+"
)
_COMMA: Final = re.compile(
    r"[0-9]+,[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}|[0-9]{4,},[0-9]+"
)
_DAY: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{4})(?:[T ].*)?")


def delimiter(text: str) -> str:
    """Return what parts the columns: the sign that cuts the first rows into the same number of cells, and into most."""

    def cuts(sign: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(text.splitlines(keepends=True)[:50], delimiter=sign) if row]
        if not counts or counts[0] < 2:
            return 0, 0
        return sum(count == counts[0] for count in counts) * 100 // len(counts), counts[0]

    return max(DELIMITERS, key=cuts)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns: all are filled, none is an amount or a day, no two are alike."""
    if not rows:
        return True
    names = [cell.strip() for cell in rows[0]]
    is_value = any(_AMOUNT.fullmatch(name) or _DAY.fullmatch(name) or "@" in name for name in names)
    return not is_value and any(names) and len(set(names)) == len(names)


def decimal_mark(amounts: Iterable[str]) -> DecimalMark | None:
    """Return how amounts are written, where they leave no doubt; None when 1,234 may be one or a thousand."""
    tidy = {re.sub(r"[\s'’]", "", amount) for amount in amounts if _AMOUNT.fullmatch(amount.strip())}  # noqa: RUF001
    marked = {amount for amount in tidy if "." in amount or "," in amount}
    if not marked:
        return DecimalMark.PLAIN
    is_point, is_comma = (any(form.fullmatch(amount) for amount in marked) for form in (_POINT, _COMMA))
    if is_point == is_comma:
        return None
    return DecimalMark.POINT if is_point else DecimalMark.COMMA


def date_form(days: Iterable[str]) -> DateForm | None:
    """Return how days are written, where they leave no doubt; None when 3/4/2026 may be in March or in April."""
    found = [match for day in days if (match := _DAY.fullmatch(day.strip()))]
    if not found:
        return DateForm.ISO
    day_first = any(int(match[1]) > 12 or match[2] == "." for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    if day_first == month_first:
        return None
    return DateForm.DAY_FIRST if day_first else DateForm.MONTH_FIRST
