"""Rows of a form: fields named `goals.0.text`, `goals.1.text` … read as a list; rows left empty are none."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_ROW: Final = re.compile(r"(?P<list>.+)\.(?P<row>[0-9]{1,3})(?P<rest>\..+)?")


def compacted(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with the rows of every list numbered from 0, in their order and without gaps."""
    rows: dict[str, set[int]] = {}
    for name in values:
        if found := _ROW.fullmatch(name):
            rows.setdefault(found["list"], set()).add(int(found["row"]))
    places = {(name, row): place for name, known in rows.items() for place, row in enumerate(sorted(known))}

    def renumbered(name: str) -> str:
        found = _ROW.fullmatch(name)
        if not found:
            return name
        return f"{found['list']}.{places[found['list'], int(found['row'])]}{found['rest'] or ''}"

    return {renumbered(name): value for name, value in values.items()}


def anchor(name: str, fields: Iterable[str]) -> str:
    """Return the field where what is wrong under `name` is put right: its own, its list's, or its row's first."""
    known = list(fields)
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        part = ".".join(parts[:end])
        if found := next((one for one in known if one == part or one.startswith(f"{part}.")), None):
            return found
    return name


def listed(value: Any) -> Any:
    """Return nested values with every group whose names are numbers turned into a list, in their order."""
    if not isinstance(value, dict):
        return value
    inner = {name: listed(one) for name, one in value.items()}
    if inner and all(name.isascii() and name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
