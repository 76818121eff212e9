"""Whether words can be meant as an encoding reads them: letters of one script, capitals in front, signs at the ends."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# Of so many words one may look wrong: people do write "McÉwan".
_WRONG_ONES: Final = 4
_BETWEEN_LETTERS: Final = frozenset("’‘–—·´µ")  # noqa: RUF001 - what stands within names and measures
# Frames, ligatures, and five letters of the Latin script in a row none of which is plain.
_NEVER: Final = re.compile("[\u2500-\u259f\ufb00-\ufb06]|[\u00c0-\u024f]{5}")
_BEFORE_FIGURES: Final = frozenset({"Sc", "Sk", "Sm", "No", "Lm"})
_FLORIN: Final = "ƒ"


def is_plausible(words: Sequence[bytes], encoding: str) -> bool:
    """Tell whether most words, each with a letter beyond ASCII, look like words as the encoding reads them."""
    wrong = sum(not _is_word(word.decode(encoding, "replace")) for word in words)
    return wrong * _WRONG_ONES <= len(words)


def _is_word(word: str) -> bool:
    if _NEVER.search(word):
        return False
    around = f" {word} "
    return all(
        sign.isascii() or _fits(around[place], sign, around[place + 2]) for place, sign in enumerate(around[1:-1])
    )


def _fits(before: str, sign: str, after: str) -> bool:
    """Tell whether a sign beyond ASCII can stand between these two."""
    kind = unicodedata.category(sign)
    if sign in _BETWEEN_LETTERS or sign.isspace():
        return True
    if kind in {"Lu", "Ll"} and sign != _FLORIN:
        return _fits_letter(before, sign, after)
    if (kind in _BEFORE_FIGURES or sign == _FLORIN) and after.isalpha():
        return False
    return not (before.isalpha() and (after.isalpha() or kind in {"Sk", "Lm"}))


def _fits_letter(before: str, letter: str, after: str) -> bool:
    if before.isdigit() and after.isdigit():
        return False
    script = _script(letter)
    if any(one.isalpha() and _script(one) not in {script, "MICRO"} for one in (before, after)):
        return False
    return not (letter.isupper() and before.isalpha() and (before.islower() or after.islower()))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
