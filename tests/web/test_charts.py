"""Charts: no style attribute, no script, nothing from outside; the same rows in both drawings."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.web.charts import Drawing, MonthRow, Share, exchange_by_month, share_given

ROWS = [MonthRow("Dec\n2025", 4, 1), MonthRow("Jan\n2026", 0, 3)]


def _drawings() -> list[Drawing]:
    return [exchange_by_month(ROWS), share_given(Share(0.8, 0.5, 0.4, 0.6), "agreed 50 %")]


def _texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)<", svg)


def test_a_drawing_obeys_a_policy_without_inline_styles_and_scripts() -> None:
    for svg in (svg for drawing in _drawings() for svg in drawing):
        assert not re.search(r"style=|<style|<script|href=|url\(|on\w+=", svg)


def test_a_drawing_takes_its_colours_from_the_page_and_names_a_fallback() -> None:
    for svg in (svg for drawing in _drawings() for svg in drawing):
        assert set(re.findall(r'(?:fill|stroke)="(#[^"]+|[a-z]+)"', svg)) <= {"none"}
        assert 'fill="var(--first, #14737f)"' in svg


def test_drawings_are_silent_because_table_and_summary_say_the_same() -> None:
    for svg in (svg for drawing in _drawings() for svg in drawing):
        assert svg.startswith("<svg ")
        assert 'aria-hidden="true" focusable="false"' in svg


def test_every_count_but_zero_stands_in_both_drawings() -> None:
    for svg in exchange_by_month(ROWS):
        assert sorted(text for text in _texts(svg) if text.isdigit() and len(text) == 1) == ["1", "3", "4"]


def test_months_break_into_lines_only_where_there_is_height() -> None:
    wide, narrow = exchange_by_month(ROWS)
    assert "Dec 2025" in _texts(narrow)
    assert "Dec 2025" not in _texts(wide)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "'];fetch('//evil')//", '"quoted" & more'])
def test_a_label_is_text_whatever_it_holds(name: str) -> None:
    drawn = exchange_by_month([MonthRow(name, 1, 1)]).narrow
    labelled = share_given(Share(0.5, 0.5, 0.4, 0.6), name).wide
    for svg in (drawn, labelled):
        assert "<script" not in svg
        assert _texts(svg)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=18))
def test_any_counts_are_drawn(counts: list[tuple[int, int]]) -> None:
    drawing = exchange_by_month([MonthRow(f"M{place}", *both) for place, both in enumerate(counts)])
    assert all(svg.endswith("</svg>") for svg in drawing)
