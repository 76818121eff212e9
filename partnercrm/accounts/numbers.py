"""Numbers that registers gave a company: LEI, VAT, D-U-N-S and national registers, normalised and checked.

Check digits are those of ISO 17442 (LEI) and of the country, where python-stdnum knows them; D-U-N-S has had none since
2006. What no rule is known for is taken as it stands, in capitals and without separators.
"""

import re
from enum import StrEnum
from importlib import import_module
from typing import Any, Final, NamedTuple

from stdnum import get_cc_module
from stdnum.exceptions import InvalidChecksum, ValidationError

LONGEST: Final = 60
WRONG_DIGITS: Final = "The check digits are wrong: look at this number again."
NOT_SUCH: Final = "This is not a number of this register."
NEEDS_COUNTRY: Final = "Say which country's number this is."
WORLDWIDE: Final = "This register knows no countries."
_SEPARATORS: Final = re.compile(r"[\s./_-]+")
_PLAIN: Final = re.compile(r"(?=.*[0-9])[0-9A-Z]{3,30}")
_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_DUNS: Final = re.compile(r"(?!0{9})[0-9]{9}")
_PREFIXES: Final = {"GR": ("EL", "GR"), "GB": ("GB", "XI")}
_OF_PREFIX: Final = {"EL": "GR", "XI": "GB"}
# Registers with a rule, by country: a number of any of those named is one.
_REGISTERS: Final = {
    "AR": ("ar.cuit",), "AT": ("at.businessid",), "AU": ("au.acn", "au.abn"), "BE": ("be.vat",), "BR": ("br.cnpj",),
    "CA": ("ca.bn",), "CH": ("ch.uid",), "CL": ("cl.rut",), "CN": ("cn.uscc",), "CO": ("co.nit",),
    "DE": ("de.handelsregisternummer",), "DK": ("dk.cvr",), "EE": ("ee.registrikood",), "ES": ("es.nif",),
    "FI": ("fi.ytunnus",), "FR": ("fr.siren",), "HR": ("hr.oib",), "IL": ("il.hp",), "IT": ("it.iva",),
    "JP": ("jp.cn",), "KR": ("kr.brn",), "LV": ("lv.pvn",), "MX": ("mx.rfc",), "NO": ("no.orgnr",), "PL": ("pl.regon",),
    "PT": ("pt.nif",), "RO": ("ro.cui",), "RU": ("ru.ogrn", "ru.inn"), "SE": ("se.orgnr",), "SG": ("sg.uen",),
    "SI": ("si.maticna",), "TR": ("tr.vkn",), "TW": ("tw.ubn",), "US": ("us.ein",),
}  # fmt: skip
_FORMS: Final = {"GB": re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}"), "NL": re.compile(r"[0-9]{8}")}


class Scheme(StrEnum):
    """Whose number it is: the global identifier of legal entities, a tax office's, Dun & Bradstreet's, a register's."""

    LEI = "lei"
    VAT = "vat"
    DUNS = "duns"
    NATIONAL = "national"


class Number(NamedTuple):
    """A number as it is kept; `country` is the register's, None where there is one register for the world."""

    scheme: Scheme
    country: str | None
    number: str


class NotSuchANumber(ValueError):  # noqa: N818 - its name says what is the case
    """What was written is no number of that register; its text is a sentence about the field `field`."""

    def __init__(self, sentence: str, field: str = "number") -> None:
        super().__init__(sentence)
        self.field = field


def normalised(scheme: Scheme, country: str | None, written: str) -> Number:
    """Return the number as it is kept, however it was written. Raises NotSuchANumber."""
    if scheme in {Scheme.LEI, Scheme.DUNS} and country is not None:
        raise NotSuchANumber(WORLDWIDE, "country")
    match scheme:
        case Scheme.LEI:
            return Number(scheme, None, _checked(("lei",), _formed(_LEI, written)))
        case Scheme.DUNS:
            return Number(scheme, None, _formed(_DUNS, written))
        case Scheme.VAT:
            return _vat(country, written)
        case Scheme.NATIONAL:
            return Number(scheme, _known(country), _national(_known(country), written))


def _known(country: str | None) -> str:
    if country is None:
        raise NotSuchANumber(NEEDS_COUNTRY, "country")
    return country


def _formed(form: re.Pattern[str], written: str) -> str:
    plain = _SEPARATORS.sub("", written).upper()
    if not form.fullmatch(plain):
        raise NotSuchANumber(NOT_SUCH)
    return plain


def _vat(country: str | None, written: str) -> Number:
    """Read a number for value added tax, with the country before it or beside it."""
    plain = _SEPARATORS.sub("", written).upper()
    if country is None:
        country = _OF_PREFIX.get(plain[:2], plain[:2])
        if not country.isalpha():
            raise NotSuchANumber(NEEDS_COUNTRY, "country")
    for prefix in _PREFIXES.get(country, (country,)):
        plain = plain.removeprefix(prefix)
    rule = get_cc_module(country, "vat")
    return Number(Scheme.VAT, country, _passed(rule, plain).removeprefix(country) if rule else _formed(_PLAIN, plain))


def _national(country: str, written: str) -> str:
    if country in _REGISTERS:
        return _checked(_REGISTERS[country], written)
    plain = _SEPARATORS.sub("", written).upper()
    if country == "GB" and plain.isdecimal():
        plain = plain.zfill(8)
    return _formed(_FORMS.get(country, _PLAIN), plain)


def _checked(rules: tuple[str, ...], written: str) -> str:
    """Return the number as the first of these rules that takes it writes it."""
    for name in rules[:-1]:
        try:
            return _passed(import_module(f"stdnum.{name}"), written)
        except NotSuchANumber:
            continue
    return _passed(import_module(f"stdnum.{rules[-1]}"), written)


def _passed(rule: Any, written: str) -> str:
    try:
        number: str = rule.validate(written)
    except InvalidChecksum as error:
        raise NotSuchANumber(WRONG_DIGITS) from error
    except ValidationError as error:
        raise NotSuchANumber(NOT_SUCH) from error
    return number
