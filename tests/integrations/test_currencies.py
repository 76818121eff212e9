"""An amount wants a currency: where none is, that is what is told, at the column where it can be mended."""

import pytest

from tests.cast import Cast
from tests.factories import imports

MAPPING = "external_id=id,company_name=account,need=product,value.amount=worth"
UNSAID = (
    "The amount in column 'worth' has no currency: map the column that holds it to value.currency, "
    "or give one currency for all rows."
)


@pytest.mark.parametrize(
    ("mapped", "cell", "column", "told"),
    [
        ("", "EUR", 5, UNSAID),
        (",value.currency=money", "", 4, "This amount has no currency."),
        (",value.currency=money", "Euro", 4, "This is not a current ISO 4217 currency code."),
    ],
)
def test_an_amount_without_a_currency_is_told_as_such(
    cast: Cast, mapped: str, cell: str, column: int, told: str
) -> None:
    rows = f"1,Contoso,Kite,{cell},5\n2,Fabrikam,Kite,,\n"
    sent = imports.sent(cast.sam, rows, "id,account,product,money,worth\n", mapping=MAPPING + mapped)

    shown = cast.sam.call("GET", f"/imports/{sent['id']}/preview", expect=200)["rows"]
    imports.run(cast.sam, sent)

    [wrong] = cast.sam.call("GET", f"/imports/{sent['id']}/wrong-rows", expect=200)["items"]
    assert wrong["faults"] == [{"field": "value.currency", "message": told, "column": column}]
    assert [(row["outcome"], row["faults"]) for row in shown] == [("wrong", wrong["faults"]), ("new", [])]


def test_an_amount_that_cannot_be_read_is_told_beside_its_missing_currency(cast: Cast) -> None:
    header = "id,account,product,money,worth\n"
    sent = imports.sent(cast.sam, "1,Contoso,Kite,,many\n", header, mapping=MAPPING, decimal_mark="point")

    [row] = cast.sam.call("GET", f"/imports/{sent['id']}/preview", expect=200)["rows"]

    assert [(fault["field"], fault["column"]) for fault in row["faults"]] == [
        ("value.amount", 5),
        ("value.currency", 5),
    ]
