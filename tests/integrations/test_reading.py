"""Reading a file: bytes as text, text as rows with the line they begin in, cells as amounts and days."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.integrations.reading import DateForm, DecimalMark, column_names, iso_day, plain_amount, records

CELLS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff")), min_size=2, max_size=4)


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@given(st.lists(CELLS, min_size=1, max_size=6), st.sampled_from(["utf-8", "utf-16", "utf-16-le"]), st.integers(1, 9))
def test_whatever_is_written_is_read_however_it_is_cut(rows: list[list[str]], encoding: str, size: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)

    read = records(cut(text.getvalue().encode(encoding), size), encoding, ",")

    assert [record.cells for record in read] == rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_known_by_the_line_it_begins_in(end: str) -> None:
    content = end.join(("a,b", '"one', 'two",2', "", "3,4")).encode()

    assert [(record.line, record.cells[1]) for record in records([content], "utf-8", ",")] == [
        (1, "b"),
        (2, "2"),
        (5, "4"),
    ]


def test_a_mark_before_the_first_letter_is_no_part_of_it() -> None:
    assert next(records(["\ufeffkey;b\n".encode()], "utf-8", ";")).cells == ["key", "b"]


def test_what_is_in_another_encoding_is_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        list(records([b"a,b\n", b"\xe9,1\n"], "utf-8", ","))


def test_columns_have_names_of_their_own() -> None:
    assert column_names(["Name", " Name ", "", "Full\n name"], has_header=True) == [
        "Name",
        "Name (2)",
        "Column 3",
        "Full name",
    ]
    assert column_names(["1", "1"], has_header=False) == ["Column 1", "Column 2"]
    assert column_names(["", "Column 1"], has_header=True) == ["Column 1", "Column 1 (2)"]


@pytest.mark.parametrize(
    ("written", "mark", "read"),
    [
        ("1234", DecimalMark.PLAIN, "1234"),
        ("1,234", DecimalMark.PLAIN, None),
        ("1,234", DecimalMark.POINT, "1234"),
        ("1,234", DecimalMark.COMMA, "1.234"),
        ("1.234,50", DecimalMark.COMMA, "1234.50"),
        ("1 234,50", DecimalMark.COMMA, "1234.50"),
        ("1'234.50", DecimalMark.POINT, "1234.50"),
        ("12,34", DecimalMark.POINT, None),
        ("1.50", DecimalMark.COMMA, None),
        ("-5", DecimalMark.POINT, None),
        ("1e3", DecimalMark.POINT, None),
    ],
)
def test_an_amount_is_read_by_its_mark_or_not_at_all(written: str, mark: DecimalMark, read: str | None) -> None:
    assert plain_amount(written, mark) == read


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_an_amount_written_by_a_mark_is_read_back(whole: int, cents: int) -> None:
    pointed = f"{whole:,}.{cents:02}"
    swapped = pointed.translate(str.maketrans(",.", ".,"))

    assert plain_amount(pointed, DecimalMark.POINT) == f"{whole}.{cents:02}"
    assert plain_amount(swapped, DecimalMark.COMMA) == f"{whole}.{cents:02}"


@given(st.dates())
def test_a_day_written_in_a_form_is_read_back(day: date) -> None:
    year = f"{day.year:04}"
    assert iso_day(f"{day.day}.{day.month}.{year}", DateForm.DAY_FIRST) == day.isoformat()
    assert iso_day(f"{day.month:02}/{day.day:02}/{year}", DateForm.MONTH_FIRST) == day.isoformat()
    for form in DateForm:
        assert iso_day(day.isoformat(), form) == day.isoformat()


@pytest.mark.parametrize("written", ["31.02.2026", "2026", "14/03/26", "soon", "2026-13-01"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert iso_day(written, DateForm.DAY_FIRST) is None


def test_a_form_that_is_not_said_is_not_guessed() -> None:
    assert iso_day("3/4/2026", DateForm.ISO) is None
