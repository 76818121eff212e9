"""What a spreadsheet would run is only shown, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.integrations.neutralising import marks, neutral, restored
from tests.cast import Cast
from tests.factories import imports


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra"])
def test_what_would_be_a_formula_is_none(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_what_was_marked_comes_back(text: str) -> None:
    marked = ["need"] if neutral(text) != text else []

    assert restored(neutral(text), "need", marked) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), unique_by=lambda pair: pair[0]))
def test_what_a_file_marks_comes_back_whatever_its_columns_are_called(pairs: list[tuple[str, str]]) -> None:
    marked = " ".join(marks(*([one[place] for one in pairs] for place in (0, 1)))).split()

    assert [restored(neutral(text), field, marked) for field, text in pairs] == [text for _, text in pairs]


@pytest.mark.parametrize("phone", ["+49 Telefon GmbH", "'+49 quoted"])
def test_wrong_rows_once_mended_come_back_in_without_the_apostrophes(cast: Cast, phone: str) -> None:
    mapping = "external_id=id,company_name=Account Name,need=product,country=country"
    rows = f"1,{phone},=Kite,XX\n2,{phone},Kite,XX,more\n"
    sent = imports.sent(cast.sam, rows, "id,Account Name,product,country\n", mapping=mapping)
    imports.run(cast.sam, sent, leave_out=True)

    wrong = cast.sam.response("GET", f"/imports/{sent['id']}/wrong-rows.csv").text
    assert [line[-5:] for line in wrong.splitlines() if line.startswith("2,")] == [",more"]
    mended = [line for line in wrong.replace(",XX,", ",DE,").splitlines() if not line.startswith("2,")]
    again = imports.sent(cast.sam, "\n".join(mended[1:]) + "\n", f"{mended[0]}\n", mapping=mapping)
    imports.run(cast.sam, again)

    lead = imports.kept(cast.sam)["1"]
    assert (lead["company_name"], lead["need"]) == (phone, "=Kite")
