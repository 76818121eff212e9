"""The plain checks of a row let nothing pass that the shape refuses, and read it as the shape would."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from partnercrm.integrations.contents import LEADS
from partnercrm.integrations.mapping import ColumnMapping, parse
from partnercrm.integrations.reading import DateForm, DecimalMark, Reading
from partnercrm.integrations.schemas.lead_rows import FIELDS, LeadReader

HEADER = (
    *("key", "account", "product", "domain", "land", "size", "mail", "basis", "worth", "currency", "note", "until"),
    *("by", "from", "told", "told_on"),
)
MAPPING = (
    "external_id=key,company_name=account,need=product,company_domain=domain,country=land,size_band=size,"
    "contact_email=mail,contact_basis=basis,value.amount=worth,value.currency=currency,notes=note,"
    "contact_channels=by,contact_source=from,contact_information=told,contact_informed_on=told_on,expected_close_on=until"
)
READING = Reading("utf-8", ",", has_header=True, decimal_mark=DecimalMark.POINT, date_form=DateForm.DAY_FIRST)
TODAY = date(2026, 11, 22)
TEXT = st.one_of(st.text(max_size=12), st.sampled_from(["", " ", "a" * 201, "a\x07", "a\x1fb", "a\nb", " padded "]))
CELLS = st.tuples(
    TEXT,
    TEXT,
    TEXT,
    st.one_of(TEXT, st.sampled_from(["Northwind.Example", "a.b", "-x.example"])),
    st.one_of(TEXT, st.sampled_from(["DE", "de", "XX"])),
    st.one_of(TEXT, st.sampled_from(["1-9", "1000+"])),
    st.one_of(TEXT, st.sampled_from(["robin@northwind.example", "a@b"])),
    st.one_of(TEXT, st.sampled_from(["consent"])),
    st.one_of(TEXT, st.sampled_from(["12", "1,234.50", "0.001", "12.345", "9" * 20])),
    st.one_of(TEXT, st.sampled_from(["EUR", "JPY", "eur"])),
    TEXT,
    st.one_of(TEXT, st.sampled_from(["14.03.2026", "31.02.2026", "2026-03-14", "3/14/2026", "14.03.2026 09:30"])),
    st.one_of(TEXT, st.sampled_from(["email", "post, email", "phone;phone", "email|", "fax"])),
    st.one_of(TEXT, st.sampled_from(["person", "public"])),
    st.one_of(TEXT, st.sampled_from(["informed", "not_yet"])),
    st.one_of(TEXT, st.sampled_from(["2026-03-02", "2.3.2026", "31.2.2026", "23.11.2026"])),
)


def reading(mapping: ColumnMapping) -> LeadReader:
    return LeadReader(LEADS, mapping, HEADER, READING, TODAY)


@pytest.fixture(scope="module")
def reader() -> LeadReader:
    return reading(parse(MAPPING, LEADS))


@settings(max_examples=400)
@given(st.lists(CELLS, min_size=1, max_size=5))
def test_rows_that_pass_the_plain_checks_are_read_as_the_shape_reads_them(rows: list[tuple[str, ...]]) -> None:
    found = reading(parse(MAPPING, LEADS))
    columns, doubtful = found.read_all(rows)
    for place, (values, cells) in enumerate(zip(zip(*columns, strict=True), rows, strict=True)):
        if place not in doubtful:
            assert list(values) == found.read(cells)


def test_a_right_row_needs_the_plain_checks_alone(reader: LeadReader) -> None:
    cells = ["1", "Contoso", "Kite", "Contoso.Example", "DE", "1-9", "a@b.example", "consent", "1,234.5", "EUR", "", ""]
    cells += ["post; email", "person", "", "2.3.2026"]
    wrong = ["2", "Contoso", "Kite", "", "Germany", *[""] * 11]
    dated = ["3", "Contoso", "Kite", *[""] * 8, "1.4.2026", *[""] * 4]

    columns, doubtful = reader.read_all([cells, wrong, dated])

    row = dict(zip(FIELDS, (column[0] for column in columns), strict=True))
    assert doubtful == {1}
    assert row["company_domain"] == "contoso.example"
    assert (row["value_minor"], row["currency"], row["notes"]) == ("123450", "EUR", "")
    assert (row["contact_channels"], row["contact_information"]) == ("{email,post}", "informed")
    assert row["contact_informed_on"] == "2026-03-02"
    assert columns[FIELDS.index("expected_close_on")] == ["", "", "2026-04-01"]


@pytest.mark.parametrize(
    ("place", "text", "field"),
    [
        *[(0, "", "external_id"), (4, "Germany", "country"), (8, "1.234,5", "value.amount")],
        *[(9, "EURO", "value.currency"), (15, "3/14/2026", "contact_informed_on")],
        *[(11, "3/14/2026", "expected_close_on"), (15, "23.11.2026", "contact_informed_on")],
    ],
)
def test_a_wrong_cell_is_told_in_the_words_of_the_shape(reader: LeadReader, place: int, text: str, field: str) -> None:
    cells = ["1", "Contoso", "Kite", "", "", "", "", "", "5", "EUR", *[""] * 6]
    cells[place] = text

    with pytest.raises(ValidationError) as wrong:
        reader.read(cells)

    assert [name for name, _ in reader.faults(wrong.value)] == [field]


def test_spellings_and_constants_are_read_either_way() -> None:
    mapping = parse(
        "external_id=key,company_name=account,need=product,need~KitePro=Kite Pro,country:=DE,value.currency:=EUR",
        LEADS,
    )
    reader = reading(mapping)
    cells = ["1", "Contoso", "KitePro", *[""] * 13]

    for row in (
        dict(zip(FIELDS, reader.read(cells), strict=True)),
        dict(zip(FIELDS, (column[0] for column in reader.read_all([cells])[0]), strict=True)),
    ):
        assert (row["need"], row["country"], row["currency"]) == ("Kite Pro", "DE", "")
    wrong = reading(parse("external_id=key,company_name=account,need=product,country:=Germany", LEADS))
    with pytest.raises(ValidationError):
        wrong.read(cells)
