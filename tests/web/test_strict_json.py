"""Reading JSON without its traps."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel.errors import Malformed
from partnercrm.web import strict_json

storable = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | storable
)
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(storable, inner, max_size=4)
)


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * levels + closing * levels).encode()


@given(documents)
def test_plain_json_reads_as_everyone_reads_it(document: Any) -> None:
    assert strict_json.read(json.dumps(document).encode()) == document
    assert strict_json.read(json.dumps(document, ensure_ascii=False).encode()) == document


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON: .* line 1, column 2"),
        (b"[1,\n2,]", "line 2"),
        (b"\xff", "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b'{"a": 1, "a": 2}', "same key twice"),
        (b'[{"x": {"a": 1, "b": 2, "a": 1}}]', "same key twice"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"1e999", "64 bits"),
        (b"[-1e999]", "64 bits"),
        (b'"a\\u0000b"', "cannot be stored"),
        (b'{"a\\u0000b": 1}', "cannot be stored"),
        (b'["\\ud800"]', "cannot be stored"),
        (b'["\\udc00 \\ud800"]', "cannot be stored"),
        (b"9223372036854775808", "beyond"),
        (b"-9223372036854775809", "beyond"),
        (b"9" * 5000, "beyond"),
        (b"0" * 30, "not JSON"),
        (nested(33), "deeper"),
        (nested(100_000), "deeper"),
        (nested(20_000, '{"a":[', "]}"), "deeper"),
    ],
    ids=lambda part: part[:20],
)
def test_every_trap_is_refused_with_its_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        strict_json.read(raw)


def test_what_lies_just_inside_the_limits_is_read() -> None:
    assert strict_json.read(b"[9223372036854775807, -9223372036854775808]") == [2**63 - 1, -(2**63)]
    assert strict_json.read(nested(32)) is not None
    assert strict_json.read(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert strict_json.read(b'{"a": {"a": 1}}') == {"a": {"a": 1}}


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_never_fail_otherwise(raw: bytes) -> None:
    try:
        strict_json.read(raw)
    except Malformed:
        return
    json.loads(raw)
