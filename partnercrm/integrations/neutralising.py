"""Keeping a spreadsheet from running what is only text: cells that would be formulas, and the way back."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

# The column of our files that names the fields that were neutralised; imports undo exactly those.
MARK: Final = "neutralised_fields"
_SIGN: Final = "'"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Return a text as a spreadsheet shows it: one that would be a formula begins with an apostrophe."""
    return _SIGN + text if text.startswith(_FORMULA) else text


def marks(fields: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return what the column MARK says of a row with these texts: which fields' texts `neutral` changes."""
    return [_mark(field) for field, text in zip(fields, texts, strict=False) if neutral(text) != text]


def restored(text: str, field: str, marked: Sequence[str]) -> str:
    """Return a cell's text as it was before `neutral`, if the file marked its field."""
    return text.removeprefix(_SIGN) if _mark(field) in marked else text


def _mark(field: str) -> str:
    """Return a field's name without spaces, which part the names in the column."""
    return re.sub(r"[%\s]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), field)
