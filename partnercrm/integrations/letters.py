"""In which encoding a file is written: told by its bytes, or open between those that read it differently."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple
from unicodedata import category

from partnercrm.integrations.reading import OF_ONE_BYTE
from partnercrm.integrations.spelling import is_plausible

SAMPLE: Final = 64 * 1024
MOST_SHOWN: Final = 5
_LOOKED_AT: Final = 100
_AROUND: Final = 60
_MOST_WORDS: Final = 500
_COMMONEST: Final = OF_ONE_BYTE[0]
_BY_MARK: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ASCII: Final = bytes(range(128))
_FOREIGN: Final = bytes(range(128, 256))
_WORD: Final = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
_NO_TEXT: Final = frozenset({"Cc", "Cn", "Co"})


class Found(NamedTuple):
    """What a file tells of its encoding: the likeliest, and where that is not certain all in question, it first.

    In question are encodings that read the file differently, one for each reading; `possible` are all it can be in.
    """

    encoding: str
    in_question: list[str]
    possible: list[str]


class Read(NamedTuple):
    """A text as an encoding reads it."""

    encoding: str
    text: str


class Line(NamedTuple):
    """A part of a line, by its number from 1, as each encoding in question reads it."""

    line: int
    readings: list[Read]


class Letters:
    """Finds out the encoding while a file passes by, piece by piece; keeps no more than a sample."""

    def __init__(self) -> None:
        self._begin = b""
        self._rest = b""
        self._foreign = bytearray()
        self._used = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_utf8 = True

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        if len(self._begin) < SAMPLE:
            self._begin += piece[: SAMPLE - len(self._begin)]
        self._used += bytes(set(piece.translate(None, _ASCII + self._used)))
        self._decode(piece)
        if len(self._foreign) < SAMPLE:
            whole = self._rest + piece
            end = whole.rfind(b"\n") + 1
            self._rest = whole[end:][-SAMPLE:]
            if not whole.isascii():
                lines = (line for line in whole[:end].splitlines(keepends=True) if not line.isascii())
                self._foreign += b"".join(lines)[: SAMPLE - len(self._foreign)]

    def found(self) -> Found:
        """Return what all pieces tell."""
        self._decode(b"", final=True)
        if told := self._told():
            return Found(told, [], [told])
        possible = [encoding for encoding in OF_ONE_BYTE if _is_text(self._used, encoding)]
        words = self._words()
        likely = [encoding for encoding in possible if is_plausible(words, encoding)] or possible
        readings: dict[str, str] = {}
        for encoding in likely:
            readings.setdefault(self._used.decode(encoding), encoding)
        differing = list(readings.values())
        if differing == [_COMMONEST]:
            return Found(_COMMONEST, [], possible)
        if len(differing) == 1:
            # What is likely alone is no less a guess: it is shown beside the next.
            differing += [encoding for encoding in possible if self._used.decode(encoding) not in readings][:1]
        return Found(differing[0], differing, possible)

    def _words(self) -> list[bytes]:
        """Return the first words that have a letter beyond ASCII, each once."""
        found = _WORD.finditer(bytes(self._foreign) + self._rest)
        words = dict.fromkeys(word[0] for word in found if not word[0].isascii())
        return list(islice(words, _MOST_WORDS))

    def _decode(self, piece: bytes, *, final: bool = False) -> None:
        if self._is_utf8:
            try:
                self._decoder.decode(piece, final)
            except UnicodeError:
                self._is_utf8 = False

    def _told(self) -> str | None:
        """Return the encoding where the bytes leave no doubt about it."""
        for mark, name in _BY_MARK:
            if self._begin.startswith(mark):
                return name
        if b"\x00" in self._begin:
            # Signs between columns and at the ends of lines are ASCII: one of their two bytes is empty.
            first, second = self._begin[::2].count(b"\x00"), self._begin[1::2].count(b"\x00")
            return "utf-16-be" if first > second else "utf-16-le"
        return "utf-8" if self._is_utf8 else None


def deciding_lines(pieces: Iterable[bytes], encodings: Sequence[str]) -> list[Line]:
    """Return a few lines that the encodings read differently, rather such as have a letter no line before them has."""
    open_ones = bytes(byte for byte in _FOREIGN if len({_letter(byte, encoding) for encoding in encodings}) > 1)
    sure_ones = bytes(set(range(256)) - set(open_ones))
    shown: list[tuple[int, bytes]] = []
    others: list[tuple[int, bytes]] = []
    seen: set[int] = set()
    for number, line in islice(_lines_with(pieces, sure_ones), _LOOKED_AT):
        letters = set(line.translate(None, sure_ones))
        (others if letters <= seen else shown).append((number, _part(line, open_ones, seen)))
        seen |= letters
        if len(shown) == MOST_SHOWN:
            break
    chosen = sorted([*shown, *others[: MOST_SHOWN - len(shown)]])
    return [Line(number, [Read(one, part.decode(one, "replace")) for one in encodings]) for number, part in chosen]


def _lines_with(pieces: Iterable[bytes], sure_ones: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that have other bytes than these, with their numbers."""
    number, rest = 1, b""
    for piece in pieces:
        whole = rest + piece
        *lines, last = whole.split(b"\n")
        if whole.translate(None, sure_ones):
            for place, line in enumerate(lines):
                if line.translate(None, sure_ones):
                    yield number + place, line
        number, rest = number + len(lines), last[-SAMPLE:]
    if rest.translate(None, sure_ones):
        yield number, rest


def _part(line: bytes, open_ones: bytes, seen: set[int]) -> bytes:
    """Return the line about the first letter in question, one not seen yet where there is one."""
    places = [place for place, byte in enumerate(line) if byte in open_ones]
    first = next((place for place in places if line[place] not in seen), places[0])
    start = max(0, first - _AROUND)
    return line[start : first + _AROUND].strip()


def _letter(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, "replace")


def _is_text(used: bytes, encoding: str) -> bool:
    """Tell whether every byte used is a letter or sign of the encoding."""
    try:
        return not any(category(sign) in _NO_TEXT for sign in used.decode(encoding))
    except UnicodeError:
        return False
