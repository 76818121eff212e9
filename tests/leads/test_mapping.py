"""Reading other systems' columns as a lead's fields."""

import pytest

from partnercrm.kernel.errors import Invalid
from partnercrm.leads import mapping

WHOLE = "external_id=key, company_name=account\nneed=product, value.currency:=EUR"


def refusals(written: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        mapping.parse(written)
    return [error.message for error in refused.value.errors]


def test_columns_and_constants_fill_fields_and_empty_cells_are_left_out() -> None:
    read = mapping.parse(WHOLE + ",industry=sector")

    row = read.row({"key": " 1 ", "account": "Northwind", "product": "Kite", "sector": ""})

    assert row == {"external_id": "1", "company_name": "Northwind", "need": "Kite", "value.currency": "EUR"}


def test_a_misspelt_value_is_mended_in_its_own_field_alone() -> None:
    read = mapping.parse(WHOLE + ",need~KitePro=Kite Pro")

    row = read.row({"key": "1", "account": "KitePro", "product": "KitePro"})

    assert (row["company_name"], row["need"]) == ("KitePro", "Kite Pro")


@pytest.mark.parametrize(
    ("stage", "account", "taken"),
    [("Won", "Northwind", True), ("Lost", "Northwind", True), ("Open", "Northwind", False), ("Won", " ", False)],
)
def test_a_row_is_taken_when_it_passes_every_filter(stage: str, account: str, taken: bool) -> None:
    read = mapping.parse(WHOLE + ",only=stage:Won|Lost,only=account:*")

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


def test_columns_the_file_does_not_have_are_named_with_those_it_has() -> None:
    read = mapping.parse(WHOLE + ",only=stage:Won")

    missing = mapping.missing_columns(read, ["key", "account", "product"])

    assert [error.message for error in missing] == ["The file has no column 'stage'; it has key, account, product."]
