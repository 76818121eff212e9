"""What every schema is made of."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from partnercrm.kernel.money import Money
from partnercrm.web.shapes import (
    Choice,
    Day,
    Domain,
    Email,
    Flag,
    Id,
    Moment,
    MoneyShape,
    Shape,
    Text,
    Whole,
    example,
    from_text,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Everything(Shape):
    together = ("connector", "external_id")
    name = Text(most=5, example="Ann")
    note = Text(most=5, least=0, example="")
    id = Id()
    at = Moment()
    on = Day()
    count = Whole(least=1, most=9, example=5)
    flag = Flag(example=True)
    colour = Choice(Colour)
    email = Email()
    domain = Domain()
    value = fields.Nested(MoneyShape)
    values = fields.List(fields.Nested(MoneyShape))
    tags = fields.List(Text(most=5, example="tag"))
    connector = Text(most=5, example="crm")
    external_id = Text(most=5, example="1")


def read(**sent: Any) -> Any:
    return Everything().load(sent)


def refused(**sent: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as error:
        Everything().load(sent)
    assert isinstance(error.value.messages, dict)
    return error.value.messages


READS: list[tuple[str, Any, Any]] = [
    ("name", " Ann ", "Ann"),
    ("name", "\U0001f600" * 5, "\U0001f600" * 5),
    ("name", "a\tb", "a\tb"),
    ("note", "  ", ""),
    ("id", "0192F0C1-2B3C-7D4E-8F5A-6B7C8D9E0F1A", UUID("0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a")),
    ("at", "2026-03-14T10:30:00+01:00", datetime(2026, 3, 14, 9, 30, tzinfo=UTC)),
    ("at", "2026-03-14T09:30:00Z", datetime(2026, 3, 14, 9, 30, tzinfo=UTC)),
    ("on", "2024-02-29", date(2024, 2, 29)),
    ("count", 9, 9),
    ("flag", False, False),
    ("colour", "blue", Colour.BLUE),
    ("email", "Dana.W+x@Globex.example", "Dana.W+x@Globex.example"),
    ("domain", "WWW.Northwind.Example", "www.northwind.example"),
    ("value", {"amount": "12.50", "currency": "EUR"}, Money(1250, "EUR")),
]
REFUSED: list[tuple[str, Any]] = [
    *(("name", value) for value in ("", "   ", "abcdef", 5, None, ["a"], True)),
    *(("name", value) for value in ("a\x00", "a\x07", "\x7f", "a\x85", "\ud800", "a \udfff")),
    *(("id", value) for value in ("", "0192f0c12b3c7d4e8f5a6b7c8d9e0f1a", "{0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a}")),
    *(("id", value) for value in ("urn:uuid:0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", 5, None)),
    *(("at", value) for value in ("2026-03-14T09:30:00", "2026-03-14", "yesterday", 1773480600, None, "Z" * 41)),
    *(("at", value) for value in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "1899-12-31T23:59:59Z")),
    *(("on", value) for value in ("2025-02-29", "14.03.2026", "20260314", "2026-3-14", "2026-03-14T00:00:00Z", 5)),
    *(("count", value) for value in (0, 10, 5.0, 5.5, "5", True, None, 10**30)),
    *(("flag", value) for value in ("true", "yes", 1, 0, None)),
    *(("colour", value) for value in ("RED", "green", "", 1, None)),
    *(("email", value) for value in ("dana", "dana@globex", "dana@@globex.example", "a b@globex.example")),
    *(("email", value) for value in ("dana@globex.example\n", f"{'a' * 250}@globex.example", "dana@-globex.example")),
    *(("domain", value) for value in ("https://northwind.example", "northwind", "northwind.example/", "-a.example")),
    *(("domain", value) for value in ("a..example", "nörthwind.example", f"{'a' * 64}.example")),
    *(("value", value) for value in ({"amount": "1,000", "currency": "EUR"}, {"amount": 5, "currency": "EUR"})),
    *(("value", value) for value in ({"amount": "1.005", "currency": "EUR"}, {"amount": "1", "currency": "XXX"})),
    *(("value", value) for value in ({"amount": "1"}, {"currency": "EUR"}, "1 EUR", None)),
    ("value", {"amount": "1", "currency": "EUR", "rate": "1"}),
]


@pytest.mark.parametrize(("field", "sent", "value"), READS)
def test_what_is_right_is_read_in_one_form(field: str, sent: object, value: object) -> None:
    assert read(**{field: sent}) == {field: value}


@pytest.mark.parametrize(("field", "sent"), REFUSED, ids=lambda part: ascii(part)[:40])
def test_what_is_wrong_is_refused_under_its_own_name(field: str, sent: object) -> None:
    assert list(refused(**{field: sent})) == [field]


def test_all_that_is_wrong_is_said_at_once_with_what_is_unknown() -> None:
    wrong = refused(name="", count=0, colour="green", surprise=1, value={"amount": "x", "currency": "Y"})

    assert set(wrong) == {"name", "count", "colour", "surprise", "value"}
    assert set(wrong["value"]) == {"amount", "currency"}


def test_too_many_decimals_for_the_currency_are_told_at_the_amount() -> None:
    wrong = refused(value={"amount": "1.5", "currency": "JPY"})
    assert wrong == {"value": {"amount": ["JPY has 0 decimals, not 1."]}}


def test_what_belongs_together_comes_all_or_none() -> None:
    assert refused(connector="crm") == {"external_id": ["Send connector, external_id together."]}
    assert read(connector="crm", external_id="1") == {"connector": "crm", "external_id": "1"}
    assert read() == {}


def test_forms_write_figures_and_flags_as_text_but_only_plainly() -> None:
    with from_text():
        assert read(count="5", flag="on") == {"count": 5, "flag": True}
        assert read(flag="false") == {"flag": False}
        for count in ("5.0", "", "five", "1e0", "\u0665", "5" * 19):
            assert "count" in refused(count=count)
        assert "flag" in refused(flag="yes")
    assert "count" in refused(count="5")


@given(st.text(max_size=8))
def test_a_text_reads_trimmed_and_within_its_length_or_is_refused(sent: str) -> None:
    try:
        value = read(name=sent)["name"]
    except ValidationError:
        return
    assert value == sent.strip()
    assert 1 <= len(value) <= 5
    assert value.encode()
    assert "\x00" not in value


def test_a_moment_is_given_out_in_utc_and_reads_back() -> None:
    moment = read(at="2026-03-14T10:30:00.123456+01:00")["at"]
    assert Everything().dump({"at": moment}) == {"at": "2026-03-14T09:30:00.123456+00:00"}


def test_values_are_given_out_by_plain_names_from_things_and_from_mappings() -> None:
    class Thing:
        name = "Ann"

    assert Everything(only=("name",)).dump(Thing()) == {"name": "Ann"}
    assert Everything(only=("name",)).dump({"name": "Ann", "id": None}) == {"name": "Ann"}
    assert Everything(only=("name",)).dump({}) == {}


def test_every_shape_has_an_example_that_it_reads_itself() -> None:
    shown = example(Everything())

    assert shown["values"] == [shown["value"]]
    assert set(read(**shown)) == set(shown)


def test_a_field_without_an_example_is_a_fault_of_ours() -> None:
    bare = Schema.from_dict({"bare": fields.String()})
    many = Schema.from_dict({"inner": fields.Nested(MoneyShape, many=True)})

    with pytest.raises(LookupError, match="bare"):
        example(bare())
    assert example(many()) == {"inner": [{"amount": "12500.00", "currency": "EUR"}]}
