"""How much a word in common tells: the rarer among all the companies of both lists, the more. Pure.

Weights are natural logarithms of likelihood ratios in thousandths, as whole numbers, so that sums are exact and no
order of summing matters.
"""

from collections import Counter
from collections.abc import Iterable
from math import log
from typing import Final

from partnercrm.accounts.normalising import Kind, kind

_CHANCES: Final = {
    Kind.OWN: 1e-5,
    Kind.POPULAR: 3e-4,
    Kind.TRADE: 8e-3,
    Kind.HOLLOW: 2e-2,
    Kind.PEOPLE: 3e-3,
    Kind.PLACE: 3e-3,
    Kind.CITY: 1e-3,
    Kind.BRANCH: 2e-3,
    Kind.NUMBER: 1e-3,
}
"""The chance that a company anywhere has a word of this kind in its name."""

_SHORT: Final = {1: 3e-3, 2: 3e-4, 3: 5e-5}
"""The same for words of so few letters that many have chosen them."""

_KNOWN: Final = 2000
"""So many names of companies are worth as much as what is known of words without any list."""

_REPEATED: Final = 0.0005
"""A word of no known trade is at most so common: where a list has more, it repeats its owner."""


class Rarity:
    """How common words are among the names of two lists, each different name counted once."""

    def __init__(self, names: Iterable[frozenset[str]]) -> None:
        """Count the words of `names`: each the set of words of one name."""
        different = set(names)
        self.number = len(different)
        self.having = Counter(word for one in different for word in one)
        self._known = dict[tuple[str, int], int]()

    def weight(self, word: str, shared_by: int = 2) -> int:
        """Return what it tells that two companies share `word`, besides the `shared_by` names that are theirs."""
        known = self._known.get((word, shared_by))
        if known is None:
            known = self._known[word, shared_by] = self._weighed(word, shared_by)
        return known

    def _weighed(self, word: str, shared_by: int) -> int:
        others = max(0, self.having[word] - shared_by)
        meant = kind(word)
        chance = max(_CHANCES[meant], _SHORT.get(len(word), 0.0))
        share = (others + _KNOWN * chance) / (self.number + _KNOWN)
        return round(-1000 * log(min(share, _REPEATED if meant is Kind.OWN else 1.0)))
