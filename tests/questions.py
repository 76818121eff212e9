"""Every question a list, a filter, an order, a count or an export can be asked, read from the API's own document."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final
from urllib.parse import quote

from partnercrm.settings import ROOT

_PATHS: Final = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
# A moment of now in the answer: what is one's own, and what a clock says.
_OF_NOW: Final = {"/sessions", "/calendars/me/due", "/activities/heads"}
_MOST: Final = {"limit": ("200", "3")}
_NOT_DRAWN: Final = {"cursor", "as_of", "since", "hours"}


def questions(known: Mapping[str, Sequence[str]]) -> list[str]:
    """Return every GET there is, alone and with each value of each parameter; `known` has what names things."""
    return sorted({one for path, item in _PATHS.items() if "get" in item for one in _asked(path, item["get"], known)})


def _asked(path: str, operation: Mapping[str, Any], known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    short = path.removeprefix("/api/v1")
    parameters = operation.get("parameters", [])
    names = [part[1:-1] for part in short.split("/") if part.startswith("{")]
    if short in _OF_NOW or not set(names) <= set(known):
        return
    for values in product(*(known[name] for name in names)):
        place = short.format(**dict(zip(names, values, strict=True)))
        fixed = "&".join(
            f"{one['name']}={quote((known.get(one['name']) or [one['schema']['example']])[0])}"
            for one in parameters
            if one["in"] == "query" and one.get("required")
        )
        yield "?".join(filter(None, (place, fixed)))
        for one in parameters:
            if one["in"] == "query" and one["name"] not in _NOT_DRAWN and not one.get("required"):
                yield from (f"{place}?{_joined(fixed, one['name'], value)}" for value in _values(one, known))


def _values(parameter: Mapping[str, Any], known: Mapping[str, Sequence[str]]) -> Sequence[str]:
    name, schema = parameter["name"], parameter["schema"]
    if schema.get("type") == "boolean":
        return ("true", "false")
    return _MOST.get(name) or schema.get("enum") or known.get(name, ())


def _joined(fixed: str, name: str, value: str) -> str:
    return "&".join(filter(None, (fixed, f"{name}={value}")))
