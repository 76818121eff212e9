"""Telling whether two leads mean the same company's need: by its domain, else by what its name means.

Pure. Names are read as accounts read them, without legal forms and ways to write them: "Contoso GmbH" is "CONTOSO".
Needs are read as a set of words without the s of their plural: "Harbour cranes" are "Crane, harbour". Where a need
tells numbers or a direction, the order of its words is part of what it means.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from partnercrm.accounts import normalising

KEYS_VERSION: Final = 3
"""By which rule keys are made now; what is kept under an earlier one is made anew by a job."""
_ERASED: Final = "[erased]"
_SIGNS: Final = re.compile(r"[+#]+")
# Shorter words, such as GPS, end in an s of their own; so do process, status and analysis.
_SHORTEST_PLURAL: Final = 4
_NO_PLURAL: Final = ("ss", "us", "is")
_DIRECTIONS: Final = frozenset({"from", "to", "into", "von", "nach"})
_OF_HISSES: Final = re.compile(r"(?<=ss|sh|ch|.x|.z)es$")


class Keys(NamedTuple):
    """By what one company's need is found again: by its domain where there is one, and by its name alone."""

    company: str
    name: str


def company_keys(name: str, domain: str | None, need: str) -> Keys:
    """Return keys equal for the same company and need: of the domain, else of the name; and of the name alone."""
    return _keys(_meant(name), domain, _wanted(need))


def company_key(name: str, domain: str | None, need: str) -> str:
    """Return a key equal for the same company and need: the domain where there is one, else what the name means."""
    return company_keys(name, domain, need).company


def every_key(name: str, domain: str | None, need: str) -> frozenset[str]:
    """Return the keys of a company's need by this rule and by those before.

    The second read a need letter for letter, the first a name as well. What was kept under them is found, too, while it
    waits to be made anew, or where only a mark of it is left.
    """
    said = _folded(need)
    rules = ((_meant(name), _wanted(need)), (_meant(name), said), (_folded(name), said))
    return frozenset(key for company, wanted in rules for key in _keys(company, domain, wanted))


def made_anew(name: str, domain: str | None, kept: Keys) -> Keys:
    """Return the keys by the present rule; of an erased name nothing else can be said than was kept."""
    return kept if _ERASED in name else company_keys(name, domain, kept.name.partition("|")[2])


def keys_of(name: str, domain: str | None, need: str, kept: Keys) -> frozenset[str]:
    """Return every key under which the same company's need may be kept."""
    return frozenset(kept) if _ERASED in name else every_key(name, domain, need) | frozenset(kept)


def _keys(name: str, domain: str | None, need: str) -> Keys:
    by_name = f"{name}|{need}"
    known = (domain or "").lower().removeprefix("www.")
    return Keys(f"{known}|{need}" if known else by_name, by_name)


@lru_cache(maxsize=4096)
def _meant(name: str) -> str:
    """Return what a name means, on one line; what is nothing but signs stays as it is."""
    words = normalising.name(name).words
    if not words:
        return _folded(name).replace("|", "¦")
    return " ".join((*words, *_SIGNS.findall(name)))


@lru_cache(maxsize=4096)
def _wanted(need: str) -> str:
    """Return what a need asks for: each of its words once, without the s of its plural, in the alphabet's order.

    With numbers or a direction among them, its words as they stand.
    """
    words = [_singular(word) for word in _folded(need).split()]
    ordered = any(word.isdecimal() or word in _DIRECTIONS for word in words)
    return " ".join(words if ordered else sorted(set(words)))


def _singular(word: str) -> str:
    """Return a word without the s of its plural, and with the y this took: boxes, batteries, cranes."""
    if len(word) < _SHORTEST_PLURAL or not word.isalpha():
        return word
    bare = _OF_HISSES.sub("", word)
    if bare == word and not word.endswith(_NO_PLURAL):
        bare = word.removesuffix("s")
    return f"{bare[:-2]}y" if bare.endswith("ie") else bare


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^\w+#]+", " ", bare).strip() or plain.strip()
