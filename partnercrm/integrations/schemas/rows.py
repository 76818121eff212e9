"""A row of a file read as a lead: plain checks for the many right ones, the shape's own sentences for the wrong."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import chain, filterfalse
from typing import Any, Final, cast

from marshmallow import ValidationError

from partnercrm.integrations.mapping import REQUIRED, ColumnMapping
from partnercrm.integrations.neutralising import MARK, restored
from partnercrm.integrations.reading import DateForm, DecimalMark, Reading, iso_day, plain_amount, staged
from partnercrm.integrations.schemas.cells import BETWEEN, ImportedLead
from partnercrm.kernel import money
from partnercrm.leads import contacts
from partnercrm.leads.contacts import Channel, Information
from partnercrm.web.shapes import Choice, Text, Written

# What a row is staged as, in this order; `value` and `owner_email` are read into other columns.
FIELDS: Final = (
    *("external_id", "owner_email", "company_name", "company_domain", "country", "industry", "size_band", "need"),
    *("contact_name", "contact_role", "contact_email", "contact_basis", "contact_channels", "contact_source"),
    *("contact_source_note", "contact_information", "contact_informed_on", "value_minor", "currency"),
    *("expected_close_on", "notes"),
)
_SHAPE: Final = ImportedLead()
_PLACES: Final = {name: place for place, name in enumerate(FIELDS)}
# What is read into columns of other names, by the way the file is written.
_AMOUNT, _CURRENCY = "value.amount", "value.currency"
_DAYS: Final = frozenset({"contact_informed_on", "expected_close_on"})
Row = list[str]


class RowReader:
    """Reads the rows of one file; `columns` are the places of the fields in it, from 1, `today` the last day known."""

    fields = FIELDS

    def __init__(self, mapping: ColumnMapping, header: Sequence[str], reading: Reading, today: date) -> None:
        self._mapping, self._reading, self._today = mapping, reading, today.isoformat()
        self._places = {name: place for place, name in enumerate(header)}
        self._marked = self._places.get(MARK)
        self.columns = {field: self._places[column] + 1 for field, column in mapping.columns.items()}
        self.width = len(header)
        self._only = [(self._places[column], wanted) for column, wanted in mapping.only.items()]
        self._converted: Mapping[str, Callable[[str], str | None]] = {
            "contact_channels": _channels,
            "contact_informed_on": self._past_day,
            "expected_close_on": self._day,
        }
        self._mends: dict[str, dict[str, str]] = defaultdict(dict)
        for (field, wrong), right in mapping.spellings.items():
            self._mends[field][wrong] = right

    def takes(self, cells: Sequence[str]) -> bool:
        """Tell whether the row passes every `only` filter."""
        return all(
            (value := cells[place].strip()) in wanted or ("*" in wanted and value != "") for place, wanted in self._only
        )

    def read_all(self, rows: Sequence[Sequence[str]]) -> tuple[list[list[str]], set[int]]:
        """Return what rows that are right beyond doubt say: each field's values, in the order of FIELDS.

        And the places of the others, whose values mean nothing: they are read one by one.
        """
        cells, many = list(zip(*rows, strict=True)), len(rows)
        doubtful = set[int]()
        if self._marked is not None:
            doubtful = {place for place, marks in enumerate(cells[self._marked]) if marks}
        nothing = [""] * many
        values = [(field in _FITS and self._said(field, cells, many)) or [*nothing] for field in FIELDS]
        for field in _FITS:
            said = values[_PLACES[field]]
            unfit = _unfit(field, said)
            doubtful |= _places(said, unfit | {""} if field in REQUIRED else unfit)
        values[_DOMAIN] = list(map(str.lower, values[_DOMAIN]))
        for field, convert in self._converted.items():
            if said := self._said(field, cells, many):
                read = {text: convert(text) if text else "" for text in set(said)}
                doubtful |= _places(said, {text for text in read if read[text] is None})
                values[_PLACES[field]] = [read[text] or "" for text in said]
        doubtful |= _inform(values[_INFORMATION], values[_INFORMED_ON])
        if amounts := self._said(_AMOUNT, cells, many):
            currencies = self._said(_CURRENCY, cells, many) or nothing
            values[_MINOR], values[_CODE], wrong = self._values(amounts, currencies)
            doubtful |= wrong
        return values, doubtful

    def read(self, cells: Sequence[str]) -> Row:
        """Return one row's values in the order of FIELDS, "" where it has none. Raises ValidationError."""
        return self._by_shape(self.told(cells))

    def told(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what the row says about each field, before it is checked."""
        marked = cells[self._marked].split() if self._marked is not None else ()
        named = {name: restored(cells[place], name, marked) for name, place in self._places.items()}
        return self._mapping.row(named)

    def faults(self, error: ValidationError) -> list[tuple[str, str]]:
        """Return (field, sentence) for everything that is wrong with a row."""
        return list(_flat(_messages(error), ""))

    def wrong_constants(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for every constant that no row can be right with."""
        constants = self._mapping.constants
        alone = {_AMOUNT: "1", **constants} if _CURRENCY in constants else constants
        try:
            self._by_shape(alone)
        except ValidationError as error:
            return [(field, message) for field, message in self.faults(error) if field in constants]
        return []

    def _said(self, field: str, cells: Sequence[Sequence[str]], many: int) -> list[str]:
        """Return what each row says about a field, trimmed and mended; nothing where the file does not say it."""
        if field in self._mapping.constants:
            return [self._mapping.constants[field]] * many
        if field not in self.columns:
            return []
        said = list(map(str.strip, cells[self.columns[field] - 1]))
        mends = self._mends.get(field)
        return [mends.get(text, text) for text in said] if mends else said

    def _values(self, amounts: list[str], currencies: list[str]) -> tuple[list[str], list[str], set[int]]:
        """Return minor units and currencies of the rows that have an amount, and the places of the wrong ones."""
        mark = self._reading.decimal_mark or DecimalMark.PLAIN
        pairs = list(zip(amounts, currencies, strict=True))
        read = {pair: _minor(plain_amount(pair[0], mark) or "", pair[1]) for pair in set(pairs) if pair[0]}
        minors = [read.get(pair, "") for pair in pairs]
        wrong = _places(minors, {None})
        codes = [currency if minor else "" for minor, currency in zip(minors, currencies, strict=True)]
        return [minor or "" for minor in minors], codes, wrong

    def _day(self, text: str) -> str | None:
        form = self._reading.date_form
        return iso_day(text, form) if form else None

    def _past_day(self, text: str) -> str | None:
        """Return a day that has come, as it is staged; days of four-digit years compare as their texts do."""
        day = self._day(text)
        return day if day and day <= self._today else None

    def _by_shape(self, told: Mapping[str, str]) -> Row:
        shaped: dict[str, Any] = {name: value for name, value in told.items() if "." not in name}
        wrong: dict[str, Any] = {}
        if _AMOUNT in told:
            mark = self._reading.decimal_mark
            amount = plain_amount(told[_AMOUNT], mark or DecimalMark.PLAIN)
            if amount is None:
                wrong["value"] = {"amount": [_WRONG_AMOUNT[mark]]}
            else:
                shaped["value"] = {"amount": amount, "currency": told.get(_CURRENCY, "")}
        for name in _DAYS & told.keys():
            shaped[name] = self._day(told[name])
            if shaped[name] is None:
                wrong[name] = [_WRONG_DAY[self._reading.date_form]]
        if (shaped.get("contact_informed_on") or "") > self._today:
            wrong["contact_informed_on"] = [contacts.TO_COME]
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
_DOMAIN, _MINOR, _CODE = (_PLACES[name] for name in ("company_domain", "value_minor", "currency"))
_INFORMATION, _INFORMED_ON = _PLACES["contact_information"], _PLACES["contact_informed_on"]
_WRONG_AMOUNT: Final[Mapping[DecimalMark | None, str]] = {
    None: "Say first how amounts are written.",
    DecimalMark.PLAIN: "Amounts are read as whole numbers without separators; this one is none.",
    DecimalMark.POINT: "This is not an amount written like 1,234.50.",
    DecimalMark.COMMA: "This is not an amount written like 1.234,50.",
}
_WRONG_DAY: Final[Mapping[DateForm | None, str]] = {
    None: "Say first how days are written.",
    DateForm.ISO: "This is not a day written like 2026-03-14.",
    DateForm.DAY_FIRST: "This is not a day written like 14.03.2026.",
    DateForm.MONTH_FIRST: "This is not a day written like 03/14/2026.",
}


def _most(declared: Any) -> int:
    return int(declared.validators[0].max)


_UNFIT: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
_ANY_UNFIT: Final = re.compile(f"[{_UNFIT}]")


def _fit(field: str) -> Callable[[str], Any]:
    """Return a plain check of a trimmed, filled text that lets pass nothing its field in the shape refuses."""
    declared = _SHAPE.fields[field]
    if isinstance(declared, Text):
        return re.compile(rf"[^{_UNFIT}]{{1,{_most(declared)}}}").fullmatch
    if isinstance(declared, Choice):
        return frozenset(member.value for member in declared.enum).__contains__
    if isinstance(declared, Written):
        pattern = str(declared.metadata["pattern"]).removeprefix("^").removesuffix("$")
        return re.compile(rf"(?=[\s\S]{{1,{_most(declared)}}}\Z)(?:{pattern})").fullmatch
    raise TypeError(f"{field} has no plain check")


_READ_OTHERWISE: Final = _DAYS | {"value_minor", "currency", "contact_channels"}
_FITS: Final = {field: _fit(field) for field in FIELDS if field not in _READ_OTHERWISE}
_LENGTHS: Final = {name: _most(field) for name, field in _SHAPE.fields.items() if isinstance(field, Text)}


def _inform(information: list[str], days: Sequence[str]) -> set[int]:
    """Say of whoever was informed on a day that they were; return the places of rows that say otherwise."""
    wrong = set[int]()
    for place, day in enumerate(days):
        if day:
            if information[place] not in {"", Information.INFORMED}:
                wrong.add(place)
            information[place] = Information.INFORMED.value
    return wrong


def _unfit(field: str, said: Sequence[str]) -> set[str]:
    """Return the texts that do not fit; plain text is first looked at as one, which settles nearly all of it."""
    most = _LENGTHS.get(field, 0)
    if max(map(len, said)) <= most and not _ANY_UNFIT.search("".join(said)):
        return set()
    return set(filterfalse(_FITS[field], filter(None, set(said))))


def _places(values: Sequence[Any], wrong: Collection[Any]) -> set[int]:
    return {place for place, value in enumerate(values) if value in wrong} if wrong else set()


def _minor(amount: str, currency: str) -> str | None:
    try:
        return str(money.parse(amount, currency).minor)
    except ValueError:
        return None


def _messages(error: ValidationError) -> dict[str, Any]:
    return cast("dict[str, Any]", error.normalized_messages())  # type: ignore[no-untyped-call]


def _flat(messages: Any, path: str) -> Any:
    if isinstance(messages, Mapping):
        return chain.from_iterable(_flat(inner, f"{path}.{name}".strip(".")) for name, inner in messages.items())
    return ((path, message) for message in messages)
