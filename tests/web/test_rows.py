"""Rows of a form: numbered without gaps, read as lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.web.rows import anchor, compacted, listed


def test_rows_left_empty_leave_no_gap() -> None:
    values = {"a.goals.7.text": "c", "a.goals.2.text": "b", "a.goals.2.due": "x", "plain": "1", "tags.4": "t"}

    assert compacted(values) == {
        "a.goals.1.text": "c",
        "a.goals.0.text": "b",
        "a.goals.0.due": "x",
        "plain": "1",
        "tags.0": "t",
    }


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("goals.1.due", "goals.1.due"),
        ("regions.4", "regions"),
        ("goals.1.id", "goals.1.text"),
        ("goals", "goals.0.text"),
        ("body", "body"),
    ],
)
def test_what_is_wrong_is_put_right_at_its_field_its_list_or_its_row(name: str, at: str) -> None:
    assert anchor(name, ["goals.0.text", "goals.1.text", "goals.1.due", "regions"]) == at


def test_groups_whose_names_are_numbers_are_lists() -> None:
    assert listed({"a": {"10": "k", "9": {"b": "j"}}, "c": {"0x": "1"}}) == {"a": [{"b": "j"}, "k"], "c": {"0x": "1"}}


@given(st.dictionaries(st.integers(0, 999), st.text(min_size=1), min_size=1))
def test_a_list_has_its_rows_in_their_order(rows: dict[int, str]) -> None:
    numbered = compacted({f"goals.{row}.text": text for row, text in rows.items()})

    assert [numbered[f"goals.{place}.text"] for place in range(len(rows))] == [rows[row] for row in sorted(rows)]
