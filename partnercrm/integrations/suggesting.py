"""Suggesting from a file's column names which of them are which fields."""

import re
import unicodedata
from collections.abc import Mapping, Sequence


def suggested(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the column that seems to hold each field; fields no column is named after are left out.

    `aliases` are what each field's column may be called, in small letters and figures, the likelier ones first.
    """
    plain = {_plain(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for field, names in aliases.items():
        column = next((plain[name] for name in names if name in plain), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", letters)
