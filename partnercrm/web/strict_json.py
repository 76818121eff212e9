"""Reading JSON without its traps: duplicate keys, NaN, NUL, lone surrogates, depth, figures past 64 bits."""

import json
import math
import re
from typing import Any, Final

from partnercrm.kernel.errors import Malformed

DEEPEST: Final = 32
LARGEST: Final = 2**63 - 1
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read(raw: bytes) -> Any:
    """Return what the JSON text holds; Malformed says why it cannot be read."""
    try:
        value = _decoder.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except RecursionError as error:
        raise Malformed(f"The JSON is nested deeper than {DEEPEST} levels.") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    _check(value, 1)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Malformed("The JSON names the same key twice in one object.")
    return result


def _constant(name: str) -> Any:
    raise Malformed(f"{name} is not JSON.")


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -LARGEST - 1 <= int(digits) <= LARGEST:
        raise Malformed("The JSON holds an integer beyond 64 bits.")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Malformed("The JSON holds a number beyond 64 bits.")
    return value


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
)


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed(f"The JSON is nested deeper than {DEEPEST} levels.")
    if isinstance(value, str):
        if "\x00" in value or _LONE_SURROGATE.search(value):
            raise Malformed("The JSON holds a character that cannot be stored (NUL or a lone surrogate).")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
