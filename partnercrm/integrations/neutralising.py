"""Keeping a spreadsheet from running what is only text: cells that would be formulas, and the way back."""

from collections.abc import Iterable
from typing import Final

# The column of our exports that names the fields that were neutralised; imports undo exactly those.
MARK: Final = "neutralised_fields"
_SIGN: Final = "'"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Return a text as a spreadsheet shows it: one that would be a formula begins with an apostrophe."""
    return _SIGN + text if text.startswith(_FORMULA) else text


def restored(text: str, field: str, marked: Iterable[str]) -> str:
    """Return a cell's text as it was before `neutral`, if the export marked its field."""
    return text.removeprefix(_SIGN) if field in marked else text
