"""A row of a file read as a lead."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError

from partnercrm.accounts import contacts
from partnercrm.accounts.contacts import Channel, Information
from partnercrm.integrations.reading import DateForm, DecimalMark, iso_day, plain_amount, staged
from partnercrm.integrations.schemas.cells import BETWEEN, ImportedLead
from partnercrm.integrations.schemas.rows import Convert, Row, RowReader, checks_of, messages, places
from partnercrm.kernel import money
from partnercrm.kernel.errors import Told

# What a row is staged as, in this order; `value` and `owner_email` are read into other columns.
FIELDS: Final = (
    *("external_id", "owner_email", "company_name", "company_domain", "country", "industry", "size_band", "need"),
    *("contact_name", "contact_role", "contact_email", "contact_basis", "contact_channels", "contact_source"),
    *("contact_source_note", "contact_information", "contact_informed_on", "value_minor", "currency"),
    *("expected_close_on", "notes"),
)
# What is read into columns of other names, by the way the file is written.
_AMOUNT, _CURRENCY = "value.amount", "value.currency"
_DAYS: Final = frozenset({"contact_informed_on", "expected_close_on"})
_READ_OTHERWISE: Final = _DAYS | {"value_minor", "currency", "contact_channels"}
_SHAPE: Final = ImportedLead()
_CHANNELS: Final = frozenset(Channel)
_WRONG_AMOUNT: Final[Mapping[DecimalMark | None, str]] = {
    None: "Say first how amounts are written.",
    DecimalMark.PLAIN: "Amounts are read as whole numbers without separators; this one is none.",
    DecimalMark.POINT: "This is not an amount written like 1,234.50.",
    DecimalMark.COMMA: "This is not an amount written like 1.234,50.",
}
_NO_CURRENCY: Final = (
    "The amount in column %(column)r has no currency: map the column that holds it to value.currency, "
    "or give one currency for all rows."
)
_WRONG_DAY: Final[Mapping[DateForm | None, str]] = {
    None: "Say first how days are written.",
    DateForm.ISO: "This is not a day written like 2026-03-14.",
    DateForm.DAY_FIRST: "This is not a day written like 14.03.2026.",
    DateForm.MONTH_FIRST: "This is not a day written like 03/14/2026.",
}


class LeadReader(RowReader):
    """Reads rows as leads."""

    fields = FIELDS
    shape = _SHAPE
    checks = checks_of(_SHAPE, [field for field in FIELDS if field not in _READ_OTHERWISE])

    def _converters(self) -> Mapping[str, Convert]:
        return {
            "contact_channels": _channels,
            "contact_informed_on": self._past_day,
            "expected_close_on": self._day,
        }

    def _settle(self, values: dict[str, list[str]], said: Callable[[str], list[str]]) -> set[int]:
        values["company_domain"] = list(map(str.lower, values["company_domain"]))
        doubtful = _inform(values["contact_information"], values["contact_informed_on"])
        if amounts := said(_AMOUNT):
            currencies = said(_CURRENCY) or [""] * len(amounts)
            values["value_minor"], values["currency"], wrong = self._values(amounts, currencies)
            doubtful |= wrong
        return doubtful

    def _alone(self, constants: Mapping[str, str]) -> Mapping[str, str]:
        return {_AMOUNT: "1", **constants} if _CURRENCY in constants else constants

    def _values(self, amounts: list[str], currencies: list[str]) -> tuple[list[str], list[str], set[int]]:
        """Return minor units and currencies of the rows that have an amount, and the places of the wrong ones."""
        mark = self._reading.decimal_mark or DecimalMark.PLAIN
        pairs = list(zip(amounts, currencies, strict=True))
        read = {pair: _minor(plain_amount(pair[0], mark) or "", pair[1]) for pair in set(pairs) if pair[0]}
        minors = [read.get(pair, "") for pair in pairs]
        wrong = places(minors, {None})
        codes = [currency if minor else "" for minor, currency in zip(minors, currencies, strict=True)]
        return [minor or "" for minor in minors], codes, wrong

    def _day(self, text: str) -> str | None:
        form = self._reading.date_form
        return iso_day(text, form) if form else None

    def _past_day(self, text: str) -> str | None:
        """Return a day that has come, as it is staged; days of four-digit years compare as their texts do."""
        day = self._day(text)
        return day if day and day <= self._today else None

    def place(self, field: str) -> int:
        """Return the column a field is read from; where no currency is, that of the amount that wants one."""
        return super().place(_AMOUNT if field == _CURRENCY and field not in self.columns else field)

    def _wrong_value(self, amount: str | None, currency: str | None) -> dict[str, list[str]]:
        """Return what is wrong with a value before its shape is asked."""
        wrong: dict[str, list[str]] = {}
        if amount is None:
            wrong["amount"] = [_WRONG_AMOUNT[self._reading.decimal_mark]]
        if not currency:
            column = self._mapping.columns.get(_AMOUNT)
            is_unsaid = column and _CURRENCY not in self.columns
            wrong["currency"] = [Told(_NO_CURRENCY, column=column) if is_unsaid else "This amount has no currency."]
        return wrong

    def _by_shape(self, told: Mapping[str, str]) -> Row:
        shaped: dict[str, Any] = {name: value for name, value in told.items() if "." not in name}
        wrong: dict[str, Any] = {}
        if _AMOUNT in told:
            mark = self._reading.decimal_mark
            amount = plain_amount(told[_AMOUNT], mark or DecimalMark.PLAIN)
            shaped["value"] = {"amount": amount, "currency": told.get(_CURRENCY)}
            if of_value := self._wrong_value(**shaped["value"]):
                del shaped["value"]
                wrong["value"] = of_value
        for name in _DAYS & told.keys():
            shaped[name] = self._day(told[name])
            if shaped[name] is None:
                wrong[name] = [_WRONG_DAY[self._reading.date_form]]
        if (shaped.get("contact_informed_on") or "") > self._today:
            wrong["contact_informed_on"] = [contacts.TO_COME]
        try:
            loaded = _SHAPE.load(shaped)
        except ValidationError as error:
            raise ValidationError({**messages(error), **wrong}) from error
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


def _inform(information: list[str], days: Sequence[str]) -> set[int]:
    """Say of whoever was informed on a day that they were; return the places of rows that say otherwise."""
    wrong = set[int]()
    for place, day in enumerate(days):
        if day:
            if information[place] not in {"", Information.INFORMED}:
                wrong.add(place)
            information[place] = Information.INFORMED.value
    return wrong


def _minor(amount: str, currency: str) -> str | None:
    try:
        return str(money.parse(amount, currency).minor)
    except ValueError:
        return None
