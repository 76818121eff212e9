"""Recognising how a file is written: its letters, what parts its columns, amounts and days. What is open stays open."""

import codecs
import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

from charset_normalizer import from_bytes

from partnercrm.integrations.reading import DELIMITERS, DateForm, DecimalMark

SAMPLE: Final = 64 * 1024
_BY_MARK: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES: Final = ["cp1252", "cp1250", "iso8859_15", "iso8859_2", "cp1251", "mac_roman"]
_COMMONEST: Final = "cp1252"
_NAMES: Final = {
    "cp1252": "windows-1252",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "iso8859_15": "iso-8859-15",
    "iso8859_2": "iso-8859-2",
    "mac_roman": "mac-roman",
}
_AMOUNT: Final = re.compile(r"[0-9][0-9 .,'\u00a0\u202f]*")
_POINT: Final = re.compile(
    r"[0-9]+\.[0-9]{1,2}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{4,}\.[0-9]+"
)
_COMMA: Final = re.compile(
    r"[0-9]+,[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}|[0-9]{4,},[0-9]+"
)
_DAY: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{4})(?:[T ].*)?")


class Letters:
    """Finds out the encoding while a file passes by, piece by piece; keeps no more than a sample."""

    def __init__(self) -> None:
        self._begin = b""
        self._foreign = bytearray()
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_utf8 = True

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        if len(self._begin) < SAMPLE:
            self._begin += piece[: SAMPLE - len(self._begin)]
        if self._is_utf8:
            try:
                self._decoder.decode(piece)
            except UnicodeError:
                self._is_utf8 = False
        if len(self._foreign) < SAMPLE and not piece.isascii():
            lines = (line for line in piece.splitlines() if not line.isascii())
            self._foreign += b"\n".join(lines)[: SAMPLE - len(self._foreign)]

    def encoding(self) -> str:
        """Return the encoding after the last piece; one byte a letter is a guess that a person sees."""
        for mark, name in _BY_MARK:
            if self._begin.startswith(mark):
                return name
        if b"\x00" in self._begin:
            return "utf-16-be" if self._begin[:1] == b"\x00" else "utf-16-le"
        if self._is_utf8:
            return "utf-8"
        found = from_bytes(bytes(self._foreign), cp_isolation=_GUESSES).best()
        guess = found.encoding if found else _COMMONEST
        # Where both read the same, it is the commonest by far.
        same = self._foreign.decode(guess, "replace") == self._foreign.decode(_COMMONEST, "replace")
        return _NAMES[_COMMONEST if same else guess]


def delimiter(text: str) -> str:
    """Return what parts the columns: the sign that cuts the first rows into the same number of cells, and into most."""

    def cuts(sign: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(text.splitlines(keepends=True)[:50], delimiter=sign) if row]
        if not counts or counts[0] < 2:
            return 0, 0
        return sum(count == counts[0] for count in counts) * 100 // len(counts), counts[0]

    return max(DELIMITERS, key=cuts)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns: all are filled, none is an amount or a day, no two are alike."""
    if not rows:
        return True
    names = [cell.strip() for cell in rows[0]]
    is_value = any(_AMOUNT.fullmatch(name) or _DAY.fullmatch(name) or "@" in name for name in names)
    return not is_value and any(names) and len(set(names)) == len(names)


def decimal_mark(amounts: Iterable[str]) -> DecimalMark | None:
    """Return how amounts are written, where they leave no doubt; None when 1,234 may be one or a thousand."""
    tidy = {re.sub(r"[\s'’]", "", amount) for amount in amounts if _AMOUNT.fullmatch(amount.strip())}  # noqa: RUF001
    marked = {amount for amount in tidy if "." in amount or "," in amount}
    if not marked:
        return DecimalMark.PLAIN
    is_point, is_comma = (any(form.fullmatch(amount) for amount in marked) for form in (_POINT, _COMMA))
    if is_point == is_comma:
        return None
    return DecimalMark.POINT if is_point else DecimalMark.COMMA


def date_form(days: Iterable[str]) -> DateForm | None:
    """Return how days are written, where they leave no doubt; None when 3/4/2026 may be in March or in April."""
    found = [match for day in days if (match := _DAY.fullmatch(day.strip()))]
    if not found:
        return DateForm.ISO
    day_first = any(int(match[1]) > 12 or match[2] == "." for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    if day_first == month_first:
        return None
    return DateForm.DAY_FIRST if day_first else DateForm.MONTH_FIRST
