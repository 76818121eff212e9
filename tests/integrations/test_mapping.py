"""Reading other systems' columns as a lead's fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.integrations import mapping
from partnercrm.integrations.contents import LEADS
from partnercrm.kernel.errors import Invalid

WHOLE = "external_id=key, company_name=account\nneed=product, value.currency:=EUR"


def refusals(written: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        mapping.parse(written, LEADS)
    return [error.message for error in refused.value.errors]


def test_columns_and_constants_fill_fields_and_empty_cells_are_left_out() -> None:
    read = mapping.parse(WHOLE + ",industry=sector", LEADS)

    row = read.row({"key": " 1 ", "account": "Northwind", "product": "Kite", "sector": ""})

    assert row == {"external_id": "1", "company_name": "Northwind", "need": "Kite", "value.currency": "EUR"}


def test_a_misspelt_value_is_mended_in_its_own_field_alone() -> None:
    read = mapping.parse(WHOLE + ",need~KitePro=Kite Pro", LEADS)

    row = read.row({"key": "1", "account": "KitePro", "product": "KitePro"})

    assert (row["company_name"], row["need"]) == ("KitePro", "Kite Pro")


@pytest.mark.parametrize(
    ("stage", "account", "taken"),
    [("Won", "Northwind", True), ("Lost", "Northwind", True), ("Open", "Northwind", False), ("Won", " ", False)],
)
def test_a_row_is_taken_when_it_passes_every_filter(stage: str, account: str, taken: bool) -> None:
    read = mapping.parse(WHOLE + ",only=stage:Won|Lost,only=account:*", LEADS)

    assert read.takes({"stage": stage, "account": account}) is taken


def test_every_wrong_part_is_named() -> None:
    sentences = refusals("company_name=account,company_name=other,colour=blue,need,need~=Kite")

    assert [sentence.split()[0] for sentence in sentences] == [
        "'company_name'",
        "'colour'",
        "'need'",
        "'need~=Kite'",
        "'external_id'",
        "'need'",
    ]


def test_a_field_may_be_mapped_once_as_a_column_or_as_a_constant() -> None:
    assert refusals(WHOLE + ",value.currency=currency") == ["'value.currency' is mapped twice."]
    assert refusals(WHOLE + ",need:=Kite") == ["'need' is mapped twice."]


@pytest.mark.parametrize("part", ["only=stage", "only=:Won", "only=stage:", "only=stage:|", "only:=stage:Won"])
def test_a_filter_names_a_column_and_its_values(part: str) -> None:
    assert refusals(f"{WHOLE},{part}") == [f"{part!r} is not only=column:value|value or only=column:*."]


def test_a_column_is_filtered_once() -> None:
    assert refusals(WHOLE + ",only=stage:Won,only=stage:Lost") == ["'stage' is filtered twice."]


def test_a_constant_stands_in_every_row_and_a_required_one_may_be_constant() -> None:
    read = mapping.parse("external_id=key\n\n company_name = account ,, need:=Kite = Pro, notes:=a:b", LEADS)

    assert read.row({"key": "1", "account": " Northwind "}) == {
        "external_id": "1",
        "company_name": "Northwind",
        "need": "Kite = Pro",
        "notes": "a:b",
    }


words = st.text("abc XYZ0-:.", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(columns=st.lists(words, min_size=3, max_size=3), cells=st.lists(words | st.just(""), min_size=3, max_size=3))
def test_a_row_holds_each_mapped_cell_and_nothing_else(columns: list[str], cells: list[str]) -> None:
    fields = ("external_id", "company_name", "need")
    read = mapping.parse(",".join(f"{field}={column}" for field, column in zip(fields, columns, strict=True)), LEADS)
    row = dict(zip(columns, cells, strict=True))

    expected = {field: row[column] for field, column in zip(fields, columns, strict=True)}
    assert read.row(row | {"unmapped": "x"}) == {field: value for field, value in expected.items() if value}
    assert mapping.missing_columns(read, columns) == []
    assert read.takes(row)


@given(st.text(max_size=60))
def test_any_text_is_a_mapping_or_refused(written: str) -> None:
    try:
        read = mapping.parse(written, LEADS)
    except Invalid:
        return
    assert set(LEADS.needed) <= set(read.columns) | set(read.constants)


def test_columns_the_file_does_not_have_are_named_with_those_it_has() -> None:
    read = mapping.parse(WHOLE + ",only=stage:Won", LEADS)

    missing = mapping.missing_columns(read, ["key", "account", "product"])

    assert [error.message for error in missing] == [
        "The file has no column 'stage'.",
        "It has key, account, product.",
    ]


def test_a_refusal_is_no_longer_than_a_person_reads_whatever_was_sent() -> None:
    read = mapping.parse(WHOLE + "".join(f",only=x{number}:*" for number in range(300)), LEADS)
    missing = mapping.missing_columns(read, ["y" * 5000] * 5000)

    assert sum(len(error.message) for error in missing) < 10_000
    assert missing[-1].message.endswith(", ….")
    assert len(refusals("a," * 2000)) == mapping.MOST_TOLD
