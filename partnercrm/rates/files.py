"""Reading a table of rates as the European Central Bank publishes it (eurofxref-hist.csv). Pure."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.rates.conversion import Quote

_RATE: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,10})?")
_NONE: Final = frozenset({"", "N/A"})
_MOST_ERRORS: Final = 20


def quotes(lines: Iterable[str]) -> list[Quote]:
    """Return the rates of a file: `Date` and currencies in the first line, then a day and units for one euro a line.

    Empty cells and `N/A` are no rates. Raises Invalid, which names the wrong cells by line and column.
    """
    reader = csv.reader(lines)
    currencies = _currencies(next(reader, []))
    found: list[Quote] = []
    errors: list[FieldError] = []
    days: set[date] = set()
    for number, row in enumerate(reader, 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        day = _day(cells[0])
        if day is None or day in days:
            errors.append(FieldError("Date", "Write each day once, as 2026-03-31.", line=number, column=1))
            continue
        days.add(day)
        found += _row(day, cells, currencies, number, errors)
    if not found and not errors:
        errors.append(FieldError("file", "There is no rate in this file."))
    if errors:
        raise Invalid(errors[:_MOST_ERRORS])
    return found


def _currencies(header: Sequence[str]) -> list[str]:
    """Return the currencies of the columns behind the first; the bank's own files end with an empty one."""
    names = [name.strip().lstrip("\ufeff") for name in header]
    codes = names[1:-1] if names[-1:] == [""] else names[1:]
    well_formed = all(re.fullmatch("[A-Z]{3}", code) for code in codes) and len(set(codes)) == len(codes)
    if names[:1] != ["Date"] or not codes or not well_formed:
        message = "The first line must read Date,USD,JPY,…: the day, then each currency once."
        raise Invalid([FieldError("file", message, line=1, column=1)])
    return codes


def _row(
    day: date, cells: Sequence[str], currencies: Sequence[str], number: int, errors: list[FieldError]
) -> Iterator[Quote]:
    if len(cells) - 1 not in {len(currencies), len(currencies) + 1} or any(cells[len(currencies) + 1 :]):
        errors.append(FieldError("file", "This line has not as many cells as the first.", line=number, column=1))
        return
    for column, (currency, cell) in enumerate(zip(currencies, cells[1:], strict=False), 2):
        if cell in _NONE:
            continue
        if not _RATE.fullmatch(cell) or not Decimal(cell):
            message = "Write a rate as a positive number such as 1.0876."
            errors.append(FieldError(currency, message, line=number, column=column))
            continue
        yield Quote(currency, day, Decimal(cell))


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else None
    except ValueError:
        return None
