"""Which companies of two lists are worth comparing at all: the keys that both must have one of. Pure.

A key is a whole number that stands for a domain, a registry number, a rare word, two words together, or a name written
as one word. Into a database of keys go numbers alone, no name.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

from partnercrm.accounts.likeness import told
from partnercrm.accounts.matching import Lists, Read

WIDEST: Final = 10_000
"""A key that more pairs of companies share says too little to compare them for it alone."""

_WORDS_TO_PAIR: Final = 5
_SHORTEST: Final = 3
_BITS: Final = 62

Keys = Iterator[tuple[str, int]]


class Blocking:
    """The keys of companies, each with the most that sharing it can tell for one company."""

    def __init__(self, left: Sequence[Read], right: Sequence[Read], lists: Lists) -> None:
        """Count the words of each side."""
        self._lists = lists
        self._having = [Counter(word for one in side for word in set(one.name.words)) for side in (left, right)]
        wide = sorted(word for word in self._having[0] if self._wide(word))
        self._bits = {word: place % _BITS for place, word in enumerate(wide)}

    def keys(self, company: Read) -> Keys:
        """Return the keys of a company with their weights; a key may come more than once."""
        rarity = self._lists.rarity
        strong = 2 * self._lists.even
        yield from ((f"@{domain}", strong) for domain in company.domains)
        yield from (("#" + "|".join(filter(None, number)), strong) for number in company.numbers)
        yield from ((f"={label}", strong) for label in company.labels)
        if company.joined:
            yield f"={company.joined}", strong
        names = company.name.words
        common = []
        for word in names:
            if word in self._bits:
                common.append(word)
            else:
                yield word, rarity.weight(word)
        common.sort(key=rarity.weight, reverse=True)
        for one, other in combinations(sorted(common[:_WORDS_TO_PAIR]), 2):
            yield f"{one} {other}", 0
        yield from self._written_together(names)

    def common(self, company: Read) -> tuple[int, int]:
        """Return the most that the words tell for which alone nothing is compared, and a bit for each of them."""
        wide = [word for word in company.name.words if word in self._bits]
        bits = 0
        for word in wide:
            bits |= 1 << self._bits[word]
        return told(sorted(map(self._lists.rarity.weight, wide), reverse=True)), bits

    def words(self, side: int) -> list[str]:
        """Return the words of one side that are rare enough to be compared for, in one order."""
        return sorted(word for word in self._having[side] if not self._wide(word))

    def _wide(self, word: str) -> bool:
        return self._having[0][word] * self._having[1][word] > WIDEST

    def _written_together(self, names: Sequence[str]) -> Keys:
        """Return as words what neighbours make when they are written together, and first letters."""
        made = ["".join(pair) for pair in pairwise(names)]
        initials = "".join(word[0] for word in names)
        if len(initials) >= _SHORTEST:
            made.append(initials)
        for word in made:
            if word in self._having[0] or word in self._having[1]:
                yield word, self._lists.rarity.weight(word, 1)
