"""Writing answers: a function made once from a schema, which says what marshmallow would, and JSON of it."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Final

import orjson
from flask_babel import LazyString
from marshmallow import Schema, fields
from marshmallow.decorators import POST_DUMP, PRE_DUMP

from partnercrm.web.shapes import Shape

Write = Callable[[Any], Any]
# What orjson writes as marshmallow does: text, UUIDs, moments, days, members of enums, yes or no.
_AS_THEY_ARE: Final = (fields.String, fields.UUID, fields.DateTime, fields.Date, fields.Enum, fields.Boolean)


def as_json(shown: Any) -> bytes:
    """Return JSON of dicts, lists and plain values: UTF-8 without spaces, keys in their order, moments in RFC 3339.

    TypeError for what JSON has no form for, and for whole numbers beyond 64 bits.
    """
    return orjson.dumps(shown, default=_said)


def _said(value: Any) -> str:
    if isinstance(value, LazyString):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@cache
def writer(shape: type[Schema]) -> Write:
    """Return the function that turns an object or a dict into what `as_json` writes, field by field of the shape.

    Its answer is that of `shape().dump`, at a fraction of the time: all values are read by one call, and only fields
    that need it are gone through one by one. Something that lacks a field of the shape is an error.
    """
    return _writer(shape())


def _writer(schema: Schema) -> Write:
    if any(schema._hooks.get(hook) for hook in (PRE_DUMP, POST_DUMP)):  # noqa: SLF001 - it has no other way to ask
        return schema.dump
    shown = schema.dump_fields
    names = tuple(one.data_key or name for name, one in shown.items())
    read = _reader(schema, [one.attribute or name for name, one in shown.items()])
    conversions = [
        (name, convert) for name, one in zip(names, shown.values(), strict=True) if (convert := _conversion(one))
    ]

    def write(thing: Any) -> dict[str, Any]:
        written = dict(zip(names, read(thing), strict=True))
        for name, convert in conversions:
            if (value := written[name]) is not None:
                written[name] = convert(value)
        return written

    return write


def _reader(schema: Schema, attributes: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    if type(schema).get_attribute is not Shape.get_attribute:
        return lambda thing: [schema.get_attribute(thing, one, None) for one in attributes]
    if len(attributes) == 1:
        [only] = attributes
        return lambda thing: [thing[only] if isinstance(thing, dict) else getattr(thing, only)]
    from_object, from_dict = attrgetter(*attributes), itemgetter(*attributes)
    return lambda thing: from_dict(thing) if isinstance(thing, dict) else from_object(thing)


def _conversion(field: fields.Field[Any]) -> Write | None:
    """Return what a field's value goes through, if it is not written as it is."""
    if isinstance(field, fields.Nested):
        write = _writer(field.schema)
        return (lambda things: [write(one) for one in things]) if field.many else write
    if isinstance(field, fields.List):
        inner = _conversion(field.inner)
        return (lambda things: [inner(one) for one in things]) if inner else list
    if isinstance(field, fields.Integer):
        return int
    if isinstance(field, _AS_THEY_ARE):
        return None
    if isinstance(field, fields.Dict):
        each = _conversion(field.value_field) if field.value_field else None
        return (lambda things: {name: each(one) for name, one in things.items()}) if each else dict
    raise TypeError(f"{type(field).__name__} is not written by anything here yet")
