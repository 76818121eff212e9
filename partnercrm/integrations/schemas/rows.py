"""A row of a file read as a lead: plain checks for the many right ones, the shape's own sentences for the wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, Final, cast

from marshmallow import ValidationError

from partnercrm.integrations.neutralising import MARK, restored
from partnercrm.integrations.reading import DateForm, DecimalMark, Reading, iso_day, plain_amount, staged
from partnercrm.kernel import money
from partnercrm.leads import contacts
from partnercrm.leads.contacts import Channel, Information
from partnercrm.leads.mapping import ColumnMapping
from partnercrm.leads.schemas import ImportedLead
from partnercrm.leads.schemas.importing import BETWEEN
from partnercrm.web.shapes import Choice, Text, Written

# What a row is staged as, in this order; `value` and `owner_email` are read into other columns.
FIELDS: Final = (
    *("external_id", "owner_email", "company_name", "company_domain", "country", "industry", "size_band", "need"),
    *("contact_name", "contact_role", "contact_email", "contact_basis", "contact_channels", "contact_source"),
    *("contact_source_note", "contact_information", "contact_informed_on", "value_minor", "currency", "notes"),
)
_SHAPE: Final = ImportedLead()
_PLACES: Final = {name: place for place, name in enumerate(FIELDS)}
Row = list[str]


class RowReader:
    """Reads the rows of one file; `columns` are the places of the fields in it, from 1."""

    fields = FIELDS

    def __init__(self, mapping: ColumnMapping, header: Sequence[str], reading: Reading) -> None:
        self._mapping, self._reading = mapping, reading
        self._places = {name: place for place, name in enumerate(header)}
        self._marked = self._places.get(MARK)
        self.columns = {field: self._places[column] + 1 for field, column in mapping.columns.items()}
        self.width = len(header)
        self._only = [(self._places[column], wanted) for column, wanted in mapping.only.items()]
        self._plan = [
            (_PLACES[field], self.columns[field] - 1, self._mends(field), _FITS[field])
            for field in mapping.columns
            if field in _FITS
        ]
        converted = {"contact_channels": _channels, "contact_informed_on": self._day}
        self._converted = [
            (_PLACES[field], self.columns[field] - 1, self._mends(field), convert)
            for field, convert in converted.items()
            if field in mapping.columns
        ]
        constants = [(field, value) for field, value in mapping.constants.items() if field in _PLACES]
        self._constants = [
            (_PLACES[field], converted[field](value) if field in converted else _fitting(field, value))
            for field, value in constants
        ]

    def takes(self, cells: Sequence[str]) -> bool:
        """Tell whether the row passes every `only` filter."""
        return all(
            (value := cells[place].strip()) in wanted or ("*" in wanted and value != "") for place, wanted in self._only
        )

    def read(self, cells: Sequence[str]) -> Row:
        """Return the row's values in the order of FIELDS, "" where it has none. Raises ValidationError."""
        if self._marked is None or not cells[self._marked]:
            row = self._plainly(cells)
            if row is not None:
                return row
        return self._by_shape(self.told(cells))

    def told(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what the row says about each field, before it is checked."""
        marked = cells[self._marked].split() if self._marked is not None else ()
        named = {name: restored(cells[place], name, marked) for name, place in self._places.items()}
        return self._mapping.row(named)

    def faults(self, error: ValidationError) -> list[tuple[str, str]]:
        """Return (field, sentence) for everything that is wrong with a row."""
        return list(_flat(_messages(error), ""))

    def _plainly(self, cells: Sequence[str]) -> Row | None:
        """Return a row that is right beyond doubt; None for any other."""
        row = [""] * len(FIELDS)
        for place, column, mends, fits in self._plan:
            text = cells[column].strip()
            if mends:
                text = mends.get(text, text)
            if text:
                if not fits(text):
                    return None
                row[place] = text
        for place, constant in self._constants:
            if constant is None:
                return None
            row[place] = constant
        if not (row[0] and row[2] and row[7]) or not self._value(cells, row) or not self._contact(cells, row):
            return None
        row[_DOMAIN] = row[_DOMAIN].lower()
        return row

    def _contact(self, cells: Sequence[str], row: Row) -> bool:
        """Read the channels and the day on which somebody was informed, and with it that they were."""
        for place, column, mends, convert in self._converted:
            if text := cells[column].strip():
                value = convert(mends.get(text, text))
                if value is None:
                    return False
                row[place] = value
        if row[_INFORMED_ON]:
            if row[_INFORMATION] not in {"", Information.INFORMED}:
                return False
            row[_INFORMATION] = Information.INFORMED.value
        return True

    def _value(self, cells: Sequence[str], row: Row) -> bool:
        if "value.amount" not in self._mapping.columns:
            return "value.amount" not in self._mapping.constants
        written = cells[self.columns["value.amount"] - 1].strip()
        if not written:
            return True
        if self._mends("value.amount") or self._mends("value.currency"):
            return False
        currency = self._mapping.constants.get("value.currency", "")
        if "value.currency" in self.columns:
            currency = cells[self.columns["value.currency"] - 1].strip()
        try:
            read = money.parse(plain_amount(written, self._reading.decimal_mark or DecimalMark.PLAIN) or "", currency)
        except ValueError:
            return False
        row[_MINOR], row[_CURRENCY] = str(read.minor), currency
        return True

    def _day(self, text: str) -> str | None:
        form = self._reading.date_form
        return iso_day(text, form) if form else None

    def _mends(self, field: str) -> dict[str, str]:
        return {wrong: right for (named, wrong), right in self._mapping.spellings.items() if named == field}

    def _by_shape(self, told: Mapping[str, str]) -> Row:
        shaped: dict[str, Any] = {name: value for name, value in told.items() if "." not in name}
        wrong: dict[str, Any] = {}
        if "value.amount" in told:
            mark = self._reading.decimal_mark
            amount = plain_amount(told["value.amount"], mark or DecimalMark.PLAIN)
            if amount is None:
                wrong["value"] = {"amount": [_WRONG_AMOUNT[mark]]}
            else:
                shaped["value"] = {"amount": amount, "currency": told.get("value.currency", "")}
        if "contact_informed_on" in told:
            day = self._day(told["contact_informed_on"])
            if day is None:
                wrong["contact_informed_on"] = [_WRONG_DAY[self._reading.date_form]]
            shaped["contact_informed_on"] = day
        try:
            loaded = _SHAPE.load(shaped)
        except ValidationError as error:
            raise ValidationError({**_messages(error), **wrong}) from error
        if wrong:
            raise ValidationError(wrong)
        if "value" in loaded:
            value = loaded.pop("value")
            loaded |= {"value_minor": value.minor, "currency": value.currency}
        settled = contacts.settled(loaded)
        return [staged(settled.get(name)) for name in FIELDS]


def _channels(text: str) -> str | None:
    """Return the channels of a cell as they are staged, None when one is none."""
    found = BETWEEN.split(text)
    return staged(sorted(set(found))) if _CHANNELS.issuperset(found) else None


_CHANNELS: Final = frozenset(Channel)
_DOMAIN, _MINOR, _CURRENCY = (_PLACES[name] for name in ("company_domain", "value_minor", "currency"))
_INFORMATION, _INFORMED_ON = _PLACES["contact_information"], _PLACES["contact_informed_on"]
_WRONG_DAY: Final[Mapping[DateForm | None, str]] = {
    None: "Say first how days are written.",
    DateForm.ISO: "This is not a day written like 2026-03-14.",
    DateForm.DAY_FIRST: "This is not a day written like 14.03.2026.",
    DateForm.MONTH_FIRST: "This is not a day written like 03/14/2026.",
}
_WRONG_AMOUNT: Final[Mapping[DecimalMark | None, str]] = {
    None: "Say first how amounts are written.",
    DecimalMark.PLAIN: "Amounts were said to be whole numbers without separators; this one is not.",
    DecimalMark.POINT: "This is not an amount written like 1,234.50.",
    DecimalMark.COMMA: "This is not an amount written like 1.234,50.",
}


def _most(declared: Any) -> int:
    return int(declared.validators[0].max)


def _fit(field: str) -> Callable[[str], Any]:
    """Return a plain check of a trimmed, filled text that lets pass nothing its field in the shape refuses."""
    declared = _SHAPE.fields[field]
    if isinstance(declared, Text):
        return re.compile(rf"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]{{1,{_most(declared)}}}").fullmatch
    if isinstance(declared, Choice):
        return frozenset(member.value for member in declared.enum).__contains__
    if isinstance(declared, Written):
        pattern = str(declared.metadata["pattern"]).removeprefix("^").removesuffix("$")
        most, form = _most(declared), re.compile(pattern)
        return lambda text: len(text) <= most and form.fullmatch(text)
    raise TypeError(f"{field} has no plain check")


_READ_OTHERWISE: Final = frozenset({"value_minor", "currency", "contact_channels", "contact_informed_on"})
_FITS: Final = {field: _fit(field) for field in FIELDS if field not in _READ_OTHERWISE}


def _fitting(field: str, value: str) -> str | None:
    return value if _FITS[field](value) else None


def _messages(error: ValidationError) -> dict[str, Any]:
    return cast("dict[str, Any]", error.normalized_messages())  # type: ignore[no-untyped-call]


def _flat(messages: Any, path: str) -> Any:
    if isinstance(messages, Mapping):
        return chain.from_iterable(_flat(inner, f"{path}.{name}".strip(".")) for name, inner in messages.items())
    return ((path, str(message)) for message in messages)
