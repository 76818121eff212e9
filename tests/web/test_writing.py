"""Answers are written as marshmallow would write them, shape by shape."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from flask_babel import LazyString
from marshmallow import Schema, fields

from partnercrm.app import APIS
from partnercrm.kernel.money import CURRENCIES, Money
from partnercrm.web.endpoint import operations
from partnercrm.web.shapes import Id, Shape, Text
from partnercrm.web.writing import as_json, writer

ANSWERS = sorted({one.answers for _, one in operations(APIS) if one.answers}, key=lambda shape: shape.__name__)
LETTERS = "aZ09 \t\n\"\\/<&>'`\x7f\u00e4\u00df\u0416\u2028\u4e2d\U0001f600"


def text(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(0, 12)))


def moment(chance: random.Random) -> datetime:
    microseconds = chance.choice([0, 1, 120_000, 999_999])
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(4 * 10**9), microseconds=microseconds)


def structure(chance: random.Random, depth: int = 0) -> Any:
    kinds: list[Callable[[], Any]] = [
        lambda: text(chance),
        lambda: chance.randint(-(2**63), 2**63 - 1),
        lambda: chance.uniform(-1e9, 1e9),
        lambda: chance.choice([True, False, None]),
        lambda: [structure(chance, depth + 1) for _ in range(chance.randint(0, 3))],
        lambda: {text(chance): structure(chance, depth + 1) for _ in range(chance.randint(0, 3))},
    ]
    return chance.choice(kinds[:4] if depth > 2 else kinds)()


def value(field: fields.Field[Any], chance: random.Random) -> Any:
    """Return any value the field may be given to write."""
    if field.allow_none and chance.random() < 0.2:
        return None
    if isinstance(field, fields.Nested):
        return [thing(field.schema, chance) for _ in range(3)] if field.many else thing(field.schema, chance)
    if isinstance(field, fields.List):
        return [value(field.inner, chance) for _ in range(chance.randint(0, 3))]
    if isinstance(field, fields.Dict):
        of = field.value_field
        return {text(chance): value(of, chance) if of else structure(chance) for _ in range(3)}
    makers: dict[type[fields.Field[Any]], Callable[[], Any]] = {
        fields.UUID: lambda: UUID(int=chance.getrandbits(128)),
        fields.DateTime: lambda: moment(chance),
        fields.Date: lambda: date(1900, 1, 1) + timedelta(days=chance.randrange(10**5)),
        fields.Boolean: lambda: chance.random() < 0.5,
        fields.Integer: lambda: chance.randint(-(2**63), 2**63 - 1),
        fields.Enum: lambda: chance.choice(list(field.enum)),  # type: ignore[attr-defined]
        fields.String: lambda: text(chance),
    }
    return next(make() for kind, make in makers.items() if isinstance(field, kind))


def thing(schema: Schema, chance: random.Random) -> Any:
    """Return an object, or a dict, with everything the shape shows."""
    if set(schema.dump_fields) == {"amount", "currency"}:
        return Money(chance.randrange(10**15), chance.choice(CURRENCIES))
    values = {one.attribute or name: value(one, chance) for name, one in schema.dump_fields.items()}
    if own := values.get("self"):
        values |= own if isinstance(own, dict) else vars(own)
    is_plain = type(schema).get_attribute is Shape.get_attribute and not is_written_by_hooks(type(schema))
    if is_plain and chance.random() < 0.3:
        return values
    one = SimpleNamespace(**values)
    one.lead, one.account = getattr(one, "lead", one), getattr(one, "account", one)
    return one


def is_written_by_hooks(shape: type[Schema]) -> bool:
    """Tell whether marshmallow writes the shape, or one nested in it."""
    shown = shape().dump_fields.values()
    inner = [one.inner if isinstance(one, fields.List) else one for one in shown]
    nested = [type(one.schema) for one in inner if isinstance(one, fields.Nested)]
    return writer(shape).__name__ == "dump" or any(map(is_written_by_hooks, nested))


@pytest.mark.parametrize(
    "shape", [one for one in ANSWERS if not is_written_by_hooks(one)], ids=lambda one: one.__name__
)
def test_every_answer_is_what_marshmallow_says(shape: type[Schema]) -> None:
    chance = random.Random(shape.__name__)
    for _ in range(50):
        one = thing(shape(), chance)

        assert json.loads(as_json(writer(shape)(one))) == json.loads(json.dumps(shape().dump(one)))


def test_most_answers_are_written_here() -> None:
    assert sum(map(is_written_by_hooks, ANSWERS)) < len(ANSWERS) / 3


class Pair(Shape):
    one = Id(required=True)
    other = Text(most=10, example="b", required=True, attribute="said")


def test_keys_keep_their_order_and_texts_of_any_language_are_said() -> None:
    said = LazyString(lambda: "Größe")

    assert as_json(writer(Pair)({"said": said, "one": UUID(int=7)})) == (
        b'{"one":"00000000-0000-0000-0000-000000000007","other":"Gr\xc3\xb6\xc3\x9fe"}'
    )


def test_what_lacks_a_field_or_has_no_form_is_an_error() -> None:
    with pytest.raises(KeyError):
        writer(Pair)({"one": UUID(int=7)})
    with pytest.raises(AttributeError):
        writer(Pair)(SimpleNamespace(one=UUID(int=7)))
    for unfit in (object(), 2**64, float("nan").as_integer_ratio):
        with pytest.raises(TypeError):
            as_json({"x": unfit})


def test_a_kind_of_field_nobody_writes_is_found_when_the_writer_is_made() -> None:
    class Odd(Shape):
        time = fields.Time()

    with pytest.raises(TypeError, match="Time is not written"):
        writer(Odd)
