"""Why two companies are taken for one, or not: kinds of evidence with what each weighs, and never a value.

A reason is shown to either side, so it says that the city is another, not which.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import exp, log
from typing import Final, NamedTuple

_MOST: Final = 40.0


class Because(StrEnum):
    """A kind of evidence for or against two companies being one."""

    SIZES = "sizes"
    TOGETHER = "together"
    SAME_NAME = "same_name"
    SHARED_WORDS = "shared_words"
    SPELLED_OTHERWISE = "spelled_otherwise"
    SHORTENED = "shortened"
    INITIALS = "initials"
    MORE_WORDS = "more_words"
    OTHER_WORDS = "other_words"
    A_PLACE = "a_place"
    OTHER_PLACES = "other_places"
    A_NUMBER = "a_number"
    OTHER_NUMBERS = "other_numbers"
    OTHER_LEGAL_FORM = "other_legal_form"
    SAME_DOMAIN = "same_domain"
    ONE_DOMAIN = "one_domain"
    LIKE_DOMAIN = "like_domain"
    NAME_IN_DOMAIN = "name_in_domain"
    OTHER_DOMAIN = "other_domain"
    SAME_REGISTRY_NUMBER = "same_registry_number"
    ONE_REGISTRY_NUMBER = "one_registry_number"
    OTHER_REGISTRY_NUMBER = "other_registry_number"
    SAME_COUNTRY = "same_country"
    OTHER_COUNTRY = "other_country"
    SAME_CITY = "same_city"
    OTHER_CITY = "other_city"
    SAME_POSTAL_CODE = "same_postal_code"
    OTHER_PAIRS = "other_pairs"


OF_THE_GROUP: Final = frozenset(
    {
        *(Because.SIZES, Because.SHARED_WORDS, Because.SPELLED_OTHERWISE, Because.SHORTENED, Because.INITIALS),
        *(Because.SAME_DOMAIN, Because.LIKE_DOMAIN, Because.NAME_IN_DOMAIN, Because.SAME_REGISTRY_NUMBER),
    }
)
"""What tells whether two companies belong together at all; the rest tells whether, if so, they are one and the same."""


OF_DAUGHTERS: Final = frozenset(
    {Because.A_PLACE, Because.OTHER_PLACES, Because.OTHER_COUNTRY, Because.OTHER_LEGAL_FORM}
)
"""What parts the companies of one group in different countries."""


class Reason(NamedTuple):
    """One piece of evidence: thousandths of the natural logarithm of its likelihood ratio, above 0 for one company."""

    because: Because
    weight: int


def score(reasons: Iterable[Reason]) -> int:
    """Return the logarithm of the odds, in thousandths, that reasons make: of one group, and in it of one company.

    The two are asked one after the other, because a shared domain or brand says much of the first and little of the
    second: daughters of one group share both. What other pairs tell is added to what the two make.
    """
    group, one, others = sums(reasons)
    return others + both(group, one)


def sums(reasons: Iterable[Reason]) -> tuple[int, int, int]:
    """Return the weights, in thousandths, for one group, for one company of it, and of what other pairs tell."""
    found = [0, 0, 0]
    for because, weight in reasons:
        found[0 if because in OF_THE_GROUP else 2 if because is Because.OTHER_PAIRS else 1] += weight
    return found[0], found[1], found[2]


def both(group: int, one: int) -> int:
    """Return the logarithm of the odds, in thousandths, that both questions with these are answered with yes."""
    # -log(p / (1 - p)) of p = logistic(a) * logistic(b), without cancellation.
    against = [exp(-max(-_MOST, min(_MOST, weight / 1000))) for weight in (group, one)]
    return round(-1000 * log(against[0] + against[1] + against[0] * against[1]))
