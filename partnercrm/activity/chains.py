"""The hash chain over what was recorded: how a row is written down, committed to, linked and checked.

A link holds no content: only SHA-256(salt | content). The salt stands beside the content and goes with it, so that what
was erased cannot be guessed from the chain, while every link still follows from the one before.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

BEGINNING: Final = bytes(32)
OWN: Final = (
    *("id", "organization_id", "verb", "subject", "subject_id"),
    *("user_id", "token_id", "request_id", "facts", "happened_at", "recorded_at"),
)
SHARED: Final = (
    *("id", "partnership_id", "first_organization_id", "second_organization_id", "acting_organization_id"),
    *("verb", "subject", "subject_id", "facts", "happened_at", "recorded_at"),
)
_DOMAIN: Final = b"partnercrm audit 1\x00"


class Fault(StrEnum):
    """What is wrong with a chain or with a row it covers."""

    BROKEN = "broken"
    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    CUT = "cut"
    ERASED_UNTOLD = "erased_untold"
    REWRITTEN = "rewritten"


class Flaw(NamedTuple):
    """One fault: the place in the chain and the activity, where they are known."""

    fault: Fault
    place: int | None = None
    activity_id: UUID | None = None


class Entry(NamedTuple):
    """A link with the row it covers; without content when the row is gone."""

    place: int
    activity_id: UUID
    commitment: bytes
    hash: bytes
    content: Mapping[str, Any] | None
    salt: UUID | None
    erased_by: UUID | None


class Head(NamedTuple):
    """How long a chain is, and the hash of its last link."""

    length: int
    hash: bytes


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one way to write a row: JSON as in RFC 8785, ids in lower case, moments in UTC with microseconds.

    Keys are ordered by their UTF-16 code units, nothing stands between the signs, whole numbers are written exactly.
    """
    return json.dumps(_ordered(content), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda key: str(key).encode("utf-16-be"))}
    if isinstance(value, (list, tuple)):
        return [_ordered(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def content(names: Sequence[str], row: Any) -> dict[str, Any]:
    """Return what of a row is committed to."""
    return {name: getattr(row, name) for name in names}


def commitment(salt: UUID, written: Mapping[str, Any]) -> bytes:
    """Return what a link holds instead of the row; without the salt nobody can try out what the row said."""
    return hashlib.sha256(salt.bytes + canonical(written)).digest()


def linked(chain: UUID, place: int, before: bytes, committed: bytes) -> bytes:
    """Return the hash of the link at `place` (from 1), which follows from the one before it."""
    return hashlib.sha256(_DOMAIN + chain.bytes + place.to_bytes(8, "big") + before + committed).digest()


def remains(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of what is left of erased rows, in the order of their ids; the erasure's own row tells it."""
    digest = hashlib.sha256(_DOMAIN)
    for row in rows:
        digest.update(canonical(row) + b"\n")
    return digest.hexdigest()


def flaws(chain: UUID, entries: Iterable[Entry], head: Head, kept: Mapping[int, bytes]) -> Iterator[Flaw]:
    """Yield what is wrong with a chain, read once from its beginning.

    `head` is what the installation believes is its end, `kept` holds hashes by length that were kept elsewhere.
    """
    before, length = BEGINNING, 0
    for entry in entries:
        length += 1
        follows = linked(chain, entry.place, before, entry.commitment) == entry.hash
        if entry.place != length or not follows:
            yield Flaw(Fault.BROKEN, entry.place, entry.activity_id)
        length, before = entry.place, entry.hash
        if entry.content is None or entry.salt is None:
            yield Flaw(Fault.DELETED, entry.place, entry.activity_id)
        elif commitment(entry.salt, entry.content) != entry.commitment and entry.erased_by is None:
            yield Flaw(Fault.EDITED, entry.place, entry.activity_id)
        if kept.get(entry.place, entry.hash) != entry.hash:
            yield Flaw(Fault.REWRITTEN, entry.place)
    if (length, before) != head:
        yield Flaw(Fault.CUT, head.length)
    for place in kept:
        if place > length:
            yield Flaw(Fault.CUT, place)
