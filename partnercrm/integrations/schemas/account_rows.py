"""A row of a file read as an account."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import ValidationError

from partnercrm.accounts import domains, numbers
from partnercrm.accounts.numbers import NotSuchANumber, Scheme
from partnercrm.integrations.reading import staged
from partnercrm.integrations.schemas.cells import BETWEEN, ImportedAccount
from partnercrm.integrations.schemas.rows import Convert, Row, RowReader, checks_of, messages, places

# What a row is staged as, in this order; `owner_email` and numbers are read into other columns.
FIELDS: Final = (
    *("external_id", "owner_email", "name", "web_domains", "mail_domains", "numbers", "street", "postal_code"),
    *("city", "region", "country", "industry", "size_band", "relationship", "parent_external_id"),
)
_DOMAINS: Final = ("web_domains", "mail_domains")
_SCHEMES: Final[Mapping[str, Scheme]] = {scheme.value: scheme for scheme in Scheme}
_SHAPE: Final = ImportedAccount()


class AccountReader(RowReader):
    """Reads rows as accounts."""

    fields = FIELDS
    shape = _SHAPE
    checks = checks_of(_SHAPE, [field for field in FIELDS if field not in {*_DOMAINS, "numbers"}])

    def _converters(self) -> Mapping[str, Convert]:
        return dict.fromkeys(_DOMAINS, _domains)

    def _settle(self, values: dict[str, list[str]], said: Callable[[str], list[str]]) -> set[int]:
        doubtful = set[int]()
        told: list[list[str]] = [[] for _ in values["numbers"]]
        for field, scheme in _SCHEMES.items():
            pairs = list(zip(said(field), values["country"], strict=False))
            read = {pair: _number(scheme, *pair) for pair in set(pairs) if pair[0]}
            doubtful |= places(pairs, {pair for pair, number in read.items() if number is None})
            for place, pair in enumerate(pairs):
                if number := read.get(pair):
                    told[place].append(number)
        values["numbers"] = [staged(sorted(found)) for found in told]
        return doubtful

    def _by_shape(self, told: Mapping[str, str]) -> Row:
        shaped: dict[str, Any] = {name: value for name, value in told.items() if name not in _SCHEMES}
        wrong: dict[str, Any] = {}
        found = []
        for field, scheme in _SCHEMES.items():
            if field in told:
                try:
                    found.append(_numbered(scheme, told[field], told.get("country", "")))
                except NotSuchANumber as error:
                    wrong[field] = [error.args[0]]
        try:
            loaded = _SHAPE.load(shaped)
        except ValidationError as error:
            raise ValidationError({**messages(error), **wrong}) from error
        if wrong:
            raise ValidationError(wrong)
        return [staged(({**loaded, "numbers": sorted(found)}).get(name)) for name in FIELDS]


def _domains(text: str) -> str | None:
    """Return the domains of a cell as they are staged, None when one is none."""
    found = {domains.registrable(one) for one in BETWEEN.split(text) if one}
    return None if None in found or len(text) > _SHAPE.longest else staged(sorted(filter(None, found)))


def _number(scheme: Scheme, text: str, country: str) -> str | None:
    try:
        return _numbered(scheme, text, country)
    except NotSuchANumber:
        return None


def _numbered(scheme: Scheme, text: str, country: str) -> str:
    """Return a number as it is staged; one for value added tax says its country, or is of the row's. NotSuchANumber."""
    if len(text) > numbers.LONGEST:
        raise NotSuchANumber(numbers.NOT_SUCH)
    if scheme is Scheme.NATIONAL:
        return _written(*numbers.normalised(scheme, country or None, text))
    try:
        return _written(*numbers.normalised(scheme, None, text))
    except NotSuchANumber:
        if scheme is not Scheme.VAT or not country:
            raise
        return _written(*numbers.normalised(scheme, country, text))


def _written(scheme: Scheme, country: str | None, number: str) -> str:
    return f"{scheme}:{country or ''}:{number}"
