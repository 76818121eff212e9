"""Files of rates as the European Central Bank publishes them; what is wrong is named by line and column."""

from datetime import date
from decimal import Decimal

import pytest

from partnercrm.kernel.errors import Invalid
from partnercrm.rates.conversion import Quote
from partnercrm.rates.files import quotes

FILE = "Date,USD,JPY,CYP,\n2026-03-31,1.0850,161.50,N/A,\n2026-03-30,1.0849,,N/A,\n\n"


def wrong(text: str) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(Invalid) as refusal:
        quotes(text.splitlines())
    return [(error.field, error.line, error.column) for error in refusal.value.errors]


def test_each_rate_is_read_with_all_its_digits() -> None:
    assert quotes(FILE.splitlines()) == [
        Quote("USD", date(2026, 3, 31), Decimal("1.0850")),
        Quote("JPY", date(2026, 3, 31), Decimal("161.50")),
        Quote("USD", date(2026, 3, 30), Decimal("1.0849")),
    ]


@pytest.mark.parametrize("header", ["", "Day,USD", "Date", "Date,", "Date,usd", "Date,USD,USD", "Date,USD,,JPY"])
def test_a_file_that_does_not_begin_with_its_currencies_is_refused(header: str) -> None:
    assert wrong(f"{header}\n2026-03-31,1.1") == [("file", 1, 1)]


def test_every_wrong_cell_is_named() -> None:
    rows = (
        "2026-03-31,1,5",
        "31.3.2026,1.1,2",
        "2026-02-30,1.1,2",
        "2026-03-31,1,1",
        "2026-03-28,1e3,-4",
        "2026-03-27,0,1",
    )
    assert wrong("\n".join(["Date,USD,JPY", *rows, "2026-03-26,1", "2026-03-25,1,2,3"])) == [
        ("Date", 3, 1),
        ("Date", 4, 1),
        ("Date", 5, 1),
        ("USD", 6, 2),
        ("JPY", 6, 3),
        ("USD", 7, 2),
        ("file", 8, 1),
        ("file", 9, 1),
    ]


def test_a_file_without_any_rate_is_refused() -> None:
    assert wrong("Date,USD\n2026-03-31,N/A") == [("file", None, None)]
