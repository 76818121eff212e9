"""What a spreadsheet would run is only shown, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.integrations.neutralising import neutral, restored


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra"])
def test_what_would_be_a_formula_is_none(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_what_was_marked_comes_back(text: str) -> None:
    marked = ["need"] if neutral(text) != text else []

    assert restored(neutral(text), "need", marked) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
