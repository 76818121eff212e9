"""Recognising how a file is written; what can be read in two ways stays open."""

import pytest

from partnercrm.integrations import recognition
from partnercrm.integrations.reading import DateForm, DecimalMark


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ('a;b\n"1,5";"2,5"\n', ";"),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ("a|b|c\n1,2|3|4\n", "|"),
        ("only\none\n", ","),
        ('a;b\n"broken', ";"),
        ("", ","),
    ],
)
def test_what_parts_the_columns_is_recognised(text: str, sign: str) -> None:
    assert recognition.delimiter(text) == sign


@pytest.mark.parametrize(
    ("first", "named"),
    [
        (["id", "name"], True),
        (["1", "Contoso"], False),
        (["a", "a"], False),
        (["", ""], False),
        (["x@y.example", "b"], False),
    ],
)
def test_a_row_of_names_is_told_from_a_row_of_values(first: list[str], named: bool) -> None:
    assert recognition.has_header([first, ["2", "Fabrikam"]]) is named
    assert recognition.has_header([]) is True


@pytest.mark.parametrize(
    ("amounts", "mark"),
    [
        (["12", "", "n/a"], DecimalMark.PLAIN),
        (["12.50", "3"], DecimalMark.POINT),
        (["1,234", "12.5"], DecimalMark.POINT),
        (["1,234,567"], DecimalMark.POINT),
        (["12,50"], DecimalMark.COMMA),
        (["1.234,50"], DecimalMark.COMMA),
        (["1.234.567"], DecimalMark.COMMA),
        (["1,234"], None),
        (["1.234"], None),
        (["1,5", "1.5"], None),
    ],
)
def test_how_amounts_are_written_is_told_or_left_open(amounts: list[str], mark: DecimalMark | None) -> None:
    assert recognition.decimal_mark(amounts) is mark


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (["2026-03-14", ""], DateForm.ISO),
        (["14.03.2026"], DateForm.DAY_FIRST),
        (["03.04.2026"], DateForm.DAY_FIRST),
        (["14/03/2026", "01/02/2026"], DateForm.DAY_FIRST),
        (["03/14/2026"], DateForm.MONTH_FIRST),
        (["3/4/2026"], None),
        (["14/03/2026", "03/14/2026"], None),
    ],
)
def test_how_days_are_written_is_told_or_left_open(days: list[str], form: DateForm | None) -> None:
    assert recognition.date_form(days) is form
