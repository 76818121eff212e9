"""Bytes that lie beside the database, each under a key of its own: what is kept, read and removed, and its folder."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Final, NamedTuple, Protocol
from uuid import UUID

PIECE: Final = 256 * 1024


class Kept(NamedTuple):
    """What was kept: how many bytes, and their SHA-256 in hexadecimal."""

    size: int
    digest: str


class TooLong(Exception):  # noqa: N818 - it says what is the case
    """There are more bytes than may be kept under one key."""


class Storage(Protocol):
    """Where bytes are kept. What was kept is there whole, or not at all."""

    def keep(self, key: UUID, source: IO[bytes], most: int) -> Kept:
        """Keep what `source` holds from its beginning. Raises TooLong, and keeps nothing then."""

    def opened(self, key: UUID) -> BinaryIO:
        """Return what is kept, to be read and closed. Raises FileNotFoundError."""

    def remove(self, key: UUID) -> None:
        """Remove what is kept, if anything is."""

    def keys(self, before: datetime) -> Iterator[UUID]:
        """Yield every key under which something was kept, or begun to be, before a moment."""


class Folder:
    """A folder on a disk that all processes reach; only its owner reads it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, key: UUID, source: IO[bytes], most: int) -> Kept:
        """Write beside the place, then move there: a crash leaves a part, never half a file."""
        place = self._place(key)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        try:
            with open(part, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as target:
                kept = _copy(source, target, most)
                target.flush()
                os.fsync(target.fileno())
            part.rename(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return kept

    def opened(self, key: UUID) -> BinaryIO:
        """Open the file."""
        return self._place(key).open("rb")

    def remove(self, key: UUID) -> None:
        """Remove the file, and what was begun of it."""
        for place in (self._place(key), self._place(key).with_suffix(".part")):
            place.unlink(missing_ok=True)

    def keys(self, before: datetime) -> Iterator[UUID]:
        """Look through the folder."""
        for path in sorted(self._root.glob("??/*")):
            # Somebody else may remove it meanwhile.
            with suppress(ValueError, FileNotFoundError):
                key = UUID(path.stem)
                if path.stat().st_mtime < before.timestamp():
                    yield key

    def _place(self, key: UUID) -> Path:
        """Return where a key's file lies; the last digits of a key are random, the first are the time."""
        return self._root / key.hex[-2:] / key.hex


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """Yield what is opened piece by piece, and close it."""
    with source:
        while piece := source.read(PIECE):
            yield piece


def _copy(source: IO[bytes], target: IO[bytes], most: int) -> Kept:
    source.seek(0)
    size, digest = 0, hashlib.sha256()
    while piece := source.read(PIECE):
        size += len(piece)
        if size > most:
            raise TooLong
        digest.update(piece)
        target.write(piece)
    return Kept(size, digest.hexdigest())
