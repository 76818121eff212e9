"""What every schema is made of: strict fields with a maximum, an example and a sentence for what is wrong."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

import pycountry
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validates_schema

from partnercrm.kernel import money
from partnercrm.kernel.errors import Told
from partnercrm.kernel.money import Money
from partnercrm.web import limits

_UNFIT: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_UNFIT_OR_LONE: Final = re.compile(f"[{_UNFIT}\ud800-\udfff]")
_UNFIT_WRITTEN: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_ANY: Final = f"^[^{_UNFIT_WRITTEN}]*$"
_FILLED: Final = f"^[^{_UNFIT_WRITTEN}]*[^{_UNFIT_WRITTEN}\\s][^{_UNFIT_WRITTEN}]*$"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_COUNTRIES: Final = sorted(country.alpha_2 for country in pycountry.countries)

_MISSING: Final = {"required": "This is needed.", "null": "This cannot be empty."}

_from_text: ContextVar[bool] = ContextVar("from_text", default=False)


@contextmanager
def from_text() -> Iterator[None]:
    """Let figures and yes-or-no fields be read from text in the block, as forms and addresses write them."""
    token = _from_text.set(True)
    try:
        yield
    finally:
        _from_text.reset(token)


class Shape(Schema):
    """A shape on the wire: unknown fields are refused, all errors come at once; fields `together` come all or none."""

    together: ClassVar[tuple[str, ...]] = ()

    class Meta:
        """Strict by default."""

        unknown = RAISE

    def __deepcopy__(self, _: Any) -> "Shape":
        """Return itself: whoever keeps what is documented copies it with its shapes, and these never change."""
        return self

    @validates_schema
    def all_or_none(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse some of the fields that belong together without the others."""
        missing = [name for name in self.together if name not in data]
        if missing and len(missing) < len(self.together):
            raise ValidationError(Told("Send %(fields)s together.", fields=", ".join(self.together)), missing[0])

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let every field say in one way that it is missing."""
        field_obj.error_messages |= _MISSING

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read one value by its plain name; marshmallow's own way tries indexes and dotted paths first."""
        return obj.get(attr, default) if isinstance(obj, dict) else getattr(obj, attr, default)


class Text(fields.String):
    """A string of `least` to `most` characters, trimmed, without control characters or lone surrogates."""

    def __init__(self, *, most: int, least: int = 1, example: str, **options: Any) -> None:
        metadata = {"example": example, "pattern": _FILLED if least else _ANY} | options.pop("metadata", {})
        super().__init__(validate=limits.Length(min=least, max=most), metadata=metadata, **options)
        self._most = limits.Length(max=most)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        read: str = super()._deserialize(value, attr, data, **kwargs)
        if _UNFIT_OR_LONE.search(read):
            raise ValidationError("This text has characters that cannot be stored.")
        return self._most(read).strip()


class Written(fields.String):
    """A string in one fixed form, taken as it stands; `wrong` is the sentence for any other."""

    def __init__(self, form: str, wrong: str, *, most: int, least: int = 1, example: str, **options: Any) -> None:
        metadata = {"example": example, "pattern": f"^{form}$"} | options.pop("metadata", {})
        super().__init__(validate=limits.Length(min=least, max=most), metadata=metadata, **options)
        self._form, self._wrong = re.compile(form), wrong

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        read: str = super()._deserialize(value, attr, data, **kwargs)
        if not self._form.fullmatch(read):
            raise ValidationError(self._wrong)
        return read


class Id(fields.UUID):
    """A UUID as the API gives it out."""

    def __init__(self, **options: Any) -> None:
        metadata = {"example": "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"} | options.pop("metadata", {})
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        read: UUID = super()._deserialize(value, attr, data, **kwargs)
        return read


class Moment(fields.AwareDateTime):
    """A moment with its offset, RFC 3339; given out in UTC."""

    def __init__(self, **options: Any) -> None:
        metadata = {"example": "2026-03-14T09:30:00+00:00"} | options.pop("metadata", {})
        super().__init__(format="iso", metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or len(value) > 40:
            raise self.make_error("invalid", input=value, obj_type="datetime")
        try:
            read: datetime = super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type="datetime") from error
        if not 1900 <= read.year <= 9000:
            raise self.make_error("invalid", input=value, obj_type="datetime")
        return read


class Day(fields.Date):
    """A calendar day, ISO 8601."""

    def __init__(self, **options: Any) -> None:
        metadata = {"example": "2026-03-14"} | options.pop("metadata", {})
        super().__init__(format="iso", metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        read: date = super()._deserialize(value, attr, data, **kwargs)
        return read


class Whole(fields.Integer):
    """A whole number between two bounds; 12.7 is refused, not cut."""

    def __init__(self, *, least: int, most: int, example: int, **options: Any) -> None:
        metadata = {"example": example} | options.pop("metadata", {})
        super().__init__(strict=True, validate=limits.Range(min=least, max=most), metadata=metadata, **options)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str) and _from_text.get() and re.fullmatch(r"-?[0-9]{1,18}", value):
            value = int(value)
        if isinstance(value, (bool, str)):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Flag(fields.Boolean):
    """Yes or no."""

    def __init__(self, *, example: bool, **options: Any) -> None:
        metadata = {"example": example} | options.pop("metadata", {})
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if _from_text.get():
            value = {"true": True, "on": True, "false": False}.get(value, value)
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Choice(fields.Enum[StrEnum]):
    """One of a StrEnum's values."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        metadata = {"example": next(iter(enum)).value} | options.pop("metadata", {})
        super().__init__(enum, by_value=fields.String, metadata=metadata, **options)

    def make_error(self, key: str, **values: Any) -> ValidationError:
        """Return the error with a sentence that remembers which values there are."""
        if key == "unknown":
            return ValidationError(Told("Must be one of: %(choices)s.", choices=self.choices_text))
        return super().make_error(key, **values)


class OneOf(fields.String):
    """Some of a StrEnum's values, as its members."""

    def __init__(self, *members: StrEnum, **options: Any) -> None:
        names = [one.value for one in members]
        metadata = {"example": names[0]} | options.pop("metadata", {})
        super().__init__(validate=limits.OneOf(names), metadata=metadata, **options)
        self.members = {one.value: one for one in members}

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> StrEnum:
        read = super()._deserialize(value, attr, data, **options)
        self._validate(read)
        return self.members[read]


class Email(Written):
    """A mail address."""

    def __init__(self, **options: Any) -> None:
        form = rf"{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+[A-Za-z]{{2,63}}"
        super().__init__(
            form, "This is not a mail address.", most=254, least=6, example="dana@globex.example", **options
        )


class Country(Written):
    """An ISO 3166-1 alpha-2 country code."""

    def __init__(self, **options: Any) -> None:
        wrong = "This is not an ISO 3166-1 alpha-2 country code."
        super().__init__(f"({'|'.join(_COUNTRIES)})", wrong, most=2, least=2, example="DE", **options)


class Domain(Written):
    """A web domain, without scheme or path; read in lower case."""

    def __init__(self, **options: Any) -> None:
        wrong = "This is not a web domain such as northwind.example."
        super().__init__(
            rf"({_LABEL}\.)+[A-Za-z]{{2,63}}", wrong, most=253, least=4, example="northwind.example", **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).lower()


class MoneyShape(Shape):
    """An amount of money: a plain decimal string, with no more decimals than its currency has, and its code."""

    amount = Written(
        money.AMOUNT,
        "Write a plain decimal amount such as 1200.50: digits, one point, no separators or sign.",
        most=20,
        example="12500.00",
        required=True,
    )
    currency = Written(
        f"({'|'.join(money.CURRENCIES)})",
        "This is not a current ISO 4217 currency code.",
        least=3,
        most=3,
        example="EUR",
        required=True,
    )

    @post_load
    def read(self, data: dict[str, str], **_: Any) -> Money:
        """Read both together, exactly."""
        try:
            return money.parse(data["amount"], data["currency"])
        except ValueError as error:
            raise ValidationError(error.args[0], "amount") from error


def example(schema: Schema) -> dict[str, Any]:
    """Return an example of what the schema loads or dumps, from its fields' examples."""
    return {field.data_key or name: _example(field) for name, field in schema.fields.items()}


def _example(field: fields.Field[Any]) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.List):
        return [_example(field.inner)]
    if isinstance(field, fields.Nested):
        shown = example(field.schema)
        return [shown] if field.many else shown
    raise LookupError(f"{field.name} has no example")
