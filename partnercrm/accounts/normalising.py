"""What stays of a company's name when the ways to write it are taken away, and what a domain says of a name."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from anyascii import anyascii

from partnercrm.accounts import business_words, legal_forms, places
from partnercrm.accounts.shared_domains import SHARED

_SILENT: Final = "'’`´‘ʼ"
_APART: Final = {code: " " for code in range(128) if not chr(code).isalnum()} | dict.fromkeys(map(ord, _SILENT))
_LINKING: Final = frozenset(
    "and und et og och of the de der des du la le les el los las del della dei di do da das den van von y e u en"
    " for fur pour per by".split()
)
_TWO_WORDS: Final = re.compile(
    r"\b(?:united (?:kingdom|states|arab emirates)|great britain|(?:south|north|latin) (?:africa|america|korea)"
    r"|hong kong|saudi arabia|new zealand|abu dhabi|viet nam|middle east)\b"
)
_DOTTED: Final = re.compile(r"\b(?:\w\.\s?)+\w\b")
_LETTERS: Final = re.compile(r"\b\w(?: \w)+\b")
_FORMS_OF_LETTERS: Final = ("gmbh", "sarl", "spa", "srl", "plc", "llc", "inc", "bv", "nv", "sa", "ag", "ab", "as", "kg")
_OTHER_SCRIPTS: Final = "\u0590"
_LONGEST_FORM: Final = 7
_LONGEST_CITY: Final = 2
_ROMAN: Final = re.compile(r"(?:ii|iii|iv|vi|vii|viii|ix|xi|xii|xiii)")


class Kind(IntEnum):
    """What a word in a company's name tells of it."""

    OWN = 0
    POPULAR = 1
    TRADE = 2
    HOLLOW = 3
    PEOPLE = 4
    PLACE = 5
    CITY = 6
    BRANCH = 7
    NUMBER = 8


class Name(NamedTuple):
    """A company's name: the words that mean it, in their order, and its legal forms."""

    words: tuple[str, ...]
    forms: frozenset[str] = frozenset()


def name(written: str) -> Name:
    """Return the words of a company's name without its legal forms, and these by their most usual spelling.

    A name that would be nothing but a legal form stays as it is.
    """
    found = list(words(_without_address(written) if "," in written else written))
    forms = set[str]()
    while size := _form_at_end(found):
        forms.add(_FORMS[" ".join(found[-size:])])
        del found[-size:]
    while size := _form_at_start(found):
        forms.add(_FORMS[" ".join(found[:size])])
        del found[:size]
    inside = [word for word in found[1:] if word in _ANYWHERE]
    if inside:
        forms.update(_FORMS.get(word, word) for word in inside)
        found = found[:1] + [word for word in found[1:] if word not in _ANYWHERE]
    return Name(tuple(found), frozenset(forms))


def without_form(typed: str) -> str:
    """Return what somebody types of a name without the legal form it ends with, unless it is nothing else."""
    parts = typed.split()
    while len(parts) > 1 and " ".join(words(parts[-1])) in _FORMS:
        parts.pop()
    return " ".join(parts)


def words(written: str) -> tuple[str, ...]:
    """Return the words of a text: Latin letters without accents, lower case, abbreviations written out.

    Linking words (and, of, der, du …) are left out, runs of single letters are one word (`S.p.A.` is `spa`). The same
    for every way to write umlauts (ä, ae, a). A text without letters or digits has no words.
    """
    if not written.isascii():
        written = _in_latin(written)
    if "." in written:
        written = _DOTTED.sub(lambda found: found[0].replace(".", "").replace(" ", ""), written)
    plain = _plain(written)
    plain = _TWO_WORDS.sub(lambda found: found[0].replace(" ", ""), plain)
    found = [_SPELLINGS.get(word, word) for word in _LETTERS.sub(_as_one_word, " ".join(plain.split())).split()]
    kept = [word for place, word in enumerate(found) if word not in _LINKING or (not place and len(word) == 1)]
    return tuple(kept or found)


def kind(word: str) -> Kind:
    """Tell what a word, as `words` returns it, says of whose name it stands in."""
    known = _KINDS.get(word)
    if known is not None:
        return known
    return Kind.NUMBER if word.isdigit() or _ROMAN.fullmatch(word) else Kind.OWN


def countries(form: str) -> frozenset[str]:
    """Return the countries that know a legal form, as `name` spells it."""
    return _COUNTRIES_OF_FORMS.get(form, frozenset())


def country_of(word: str) -> str | None:
    """Return the code of the country that a word names, if it names one."""
    return _COUNTRIES.get(word)


def telling(domains: Iterable[str]) -> frozenset[str]:
    """Return those of these registrable domains that say whose they are: neither free mail nor pages of links."""
    return frozenset(domains) - SHARED


def label(domain: str) -> str:
    """Return what a domain says before its suffix, as one word: `deutsche-boerse.com` is `deutscheborse`."""
    before = domain.partition(".")[0]
    if before.startswith("xn--"):
        try:
            before = before.encode().decode("idna")
        except UnicodeError:
            return before
    return "".join(_plain(before).split())


def _plain(written: str) -> str:
    """Return a text in Latin letters with one way to write umlauts and nothing but spaces between words."""
    latin = written if written.isascii() else anyascii(written)
    plain = latin.lower().translate(_APART)
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")


def _in_latin(written: str) -> str:
    text = unicodedata.normalize("NFKC", written)
    if max(text) >= _OTHER_SCRIPTS:
        text = _TOGETHER.sub(lambda found: f" {_MEANT[found[0]]} ", text)
    return anyascii(text)


def _as_one_word(found: re.Match[str]) -> str:
    run = found[0].replace(" ", "")
    if run in _FORMS_OF_LETTERS:
        return run
    form = next((form for form in _FORMS_OF_LETTERS if run.endswith(form)), "")
    return f"{run.removesuffix(form)} {form}" if form else run


def _without_address(written: str) -> str:
    """Take off what follows a legal form and a comma and is nothing but a city's name: `Example B.V., Horst`."""
    before, _, after = written.rstrip(" ,.;").rpartition(",")
    place, called = words(after), list(words(before))
    city = 0 < len(place) <= _LONGEST_CITY and {kind(word) for word in place} <= {Kind.CITY, Kind.OWN}
    return before if city and place[-1] not in _LAST_WORDS and _form_at_end(called) else written


def _form_at_end(found: list[str]) -> int:
    """Return how many words at the end are the longest legal form there; none where nothing would be left."""
    if found and found[-1] not in _LAST_WORDS:
        return 0
    longest = min(_LONGEST_FORM, len(found) - 1)
    return next((size for size in range(longest, 0, -1) if " ".join(found[-size:]) in _FORMS), 0)


def _form_at_start(found: list[str]) -> int:
    """Return how many first words are a legal form before a name, which trades and places alone are not."""
    for size in range(min(_LONGEST_FORM, len(found) - 1), 0, -1):
        form = " ".join(found[:size])
        if form in _FORMS and (size > 2 or form in _BEFORE) and Kind.OWN in map(kind, found[size:]):
            return size
    return 0


def _spelled() -> Iterator[tuple[str, str]]:
    for meant, others in business_words.SPELLINGS.items():
        yield from ((other, meant) for other in others.split())
    for spellings in places.COUNTRIES.values():
        first, *rest = spellings.replace("-", "").split()
        yield from ((other, first) for other in rest)


def _forms() -> Iterator[tuple[str, str, str]]:
    for country, lines in legal_forms.BY_COUNTRY.items():
        for line in lines:
            spellings = [" ".join(words(spelling)) for spelling in line.split("|")]
            yield from ((country, spelling, spellings[0]) for spelling in spellings)


def _countries_of_forms() -> dict[str, frozenset[str]]:
    found = defaultdict[str, set[str]](set)
    for country, spelling, _ in _KNOWN_FORMS:
        found[_FORMS[spelling]].add(country)
    return {form: frozenset(known) for form, known in found.items()}


def _kinds() -> Iterator[tuple[str, Kind]]:
    """Return every known word with its kind; what is said later holds."""
    lists = (
        (business_words.POPULAR, Kind.POPULAR),
        (business_words.TRADES, Kind.TRADE),
        (business_words.HOLLOW, Kind.HOLLOW),
        (places.CITIES, Kind.CITY),
        (places.PEOPLES, Kind.PEOPLE),
        (places.REGIONS.replace("-", ""), Kind.PLACE),
        (" ".join(places.COUNTRIES.values()).replace("-", ""), Kind.PLACE),
        (business_words.BRANCHES, Kind.BRANCH),
    )
    for listed, meaning in lists:
        yield from ((word, meaning) for one in listed.split() for word in words(one))


_SPELLINGS: Final[dict[str, str]] = {_plain(other): _plain(meant) for other, meant in _spelled()}
_MEANT: Final = {
    unicodedata.normalize("NFKC", spelling): meant
    for meant, spellings in (
        *((meant, spellings.split()) for meant, spellings in business_words.WRITTEN_TOGETHER.items()),
        *legal_forms.WRITTEN_TOGETHER.items(),
    )
    for spelling in spellings
}
_TOGETHER: Final = re.compile("|".join(map(re.escape, sorted(_MEANT, key=lambda spelling: (-len(spelling), spelling)))))
_KNOWN_FORMS: Final = tuple(_forms())
_FORMS: Final = {spelling: first for _, spelling, first in reversed(_KNOWN_FORMS)}
_COUNTRIES_OF_FORMS: Final = _countries_of_forms()
_LAST_WORDS: Final = frozenset(form.rpartition(" ")[2] for form in _FORMS)
_ANYWHERE: Final = frozenset(word for form in legal_forms.ANYWHERE for word in words(form))
_BEFORE: Final = frozenset(word for form in legal_forms.BEFORE_THE_NAME for word in words(form)) & _FORMS.keys()
_KINDS: Final = dict(_kinds())
_COUNTRIES: Final = {
    word: code
    for code, spellings in places.COUNTRIES.items()
    for one in spellings.replace("-", "").split()
    for word in words(one)
}
