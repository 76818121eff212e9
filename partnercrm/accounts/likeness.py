"""How alike the names of two companies are, as weighed reasons. Pure, and the same from either side."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from partnercrm.accounts.normalising import Kind, Name, countries, kind, words
from partnercrm.accounts.rarity import Rarity
from partnercrm.accounts.reasons import Because, Reason

_TOLD: Final = 1200
"""What shared words tell, in thousandths of what their rarity would: they also stand in one order and first."""

_SAME_NAME: Final = 3200
_SPELLED_OTHERWISE: Final = -1600
A_LETTER: Final = 1500
"""What a word that is spelled otherwise tells at most, for each letter but one: short words have many neighbours."""

_SHORTENED: Final = -2500
_INITIAL: Final = 1800
_INITIALS: Final = -1500
_LEFT_OVER: Final = {
    Kind.OWN: -1000,
    Kind.POPULAR: -1000,
    Kind.TRADE: -450,
    Kind.HOLLOW: -600,
    Kind.PEOPLE: -600,
    Kind.PLACE: -4200,
    Kind.CITY: -2800,
    Kind.BRANCH: -4500,
    Kind.NUMBER: -4500,
}
_MOST_LEFT_OVER: Final = -6000
_OTHER_WORDS: Final = -2700
_OTHER_PLACES: Final = -3000
_OTHER_NUMBERS: Final = -4000
_OTHER_FORM: Final = -350
_FORM_OF_ANOTHER_COUNTRY: Final = -950
_PARTING: Final = frozenset({Kind.PLACE, Kind.CITY, Kind.BRANCH})
_SHORTEST_TYPO: Final = 4
_TWO_TYPOS: Final = 9
_SHORTEST_STEM: Final = 4
_LONGEST_RUN: Final = 4


class Agreed(NamedTuple):
    """Words of both names that mean the same: what that tells, and why it is less than if they were spelled alike."""

    weight: int
    because: Because | None = None
    cost: int = 0


def likeness(left: Name, right: Name, rarity: Rarity) -> list[Reason]:
    """Return what two names tell for and against one company; exchanging them changes nothing."""
    if right.words < left.words:
        left, right = right, left
    ours, theirs = frozenset(left.words), frozenset(right.words)
    shared_by = 1 if ours == theirs else 2
    agreed = [Agreed(rarity.weight(word, shared_by)) for word in ours & theirs]
    rest, other = ([word for word in name.words if word not in ours & theirs] for name in (left, right))
    if rest and other:
        for alike in (_joined, _initials, _misspelled, _shortened):
            agreed += alike(rest, other, rarity)
    reasons = [*_agreeing(agreed), *_differing(rest, other), *_forms(left, right)]
    if agreed and all(kind(word) is Kind.HOLLOW for word in (*rest, *other)):
        ways = {one.because for one in agreed} - {None}
        if ways <= {Because.SPELLED_OTHERWISE}:
            reasons.append(Reason(Because.SAME_NAME, _SAME_NAME // 2 if ways else _SAME_NAME))
    return reasons


def told(weights: Sequence[int]) -> int:
    """Return what shared words of these weights, highest first, tell together.

    Each further one counts for half of the one before, because words of one trade come together.
    """
    return sum(weight >> place for place, weight in enumerate(weights)) * _TOLD // 1000


def _agreeing(agreed: Iterable[Agreed]) -> Iterator[Reason]:
    weights = sorted((one.weight for one in agreed), reverse=True)
    if weights:
        yield Reason(Because.SHARED_WORDS, told(weights))
    yield from (Reason(one.because, one.cost) for one in agreed if one.because)


def _differing(rest: Sequence[str], other: Sequence[str]) -> Iterator[Reason]:
    """Weigh the words that stand on one side alone; places, branches and numbers part the companies of one group."""
    if not rest and not other:
        return
    kinds = [[kind(word) for word in side] for side in (rest, other)]
    for because, meant in _BY_KIND:
        weight = sum(_LEFT_OVER[one] for side in kinds for one in side if one in meant)
        if weight:
            yield Reason(because, max(weight, _MOST_LEFT_OVER))
    both = [frozenset(side) for side in kinds]
    if all(side & _NAMING for side in both):
        yield Reason(Because.OTHER_WORDS, _OTHER_WORDS)
    if all(side & _PARTING for side in both):
        yield Reason(Because.OTHER_PLACES, _OTHER_PLACES)
    if all(Kind.NUMBER in side for side in both):
        yield Reason(Because.OTHER_NUMBERS, _OTHER_NUMBERS)


_NAMING: Final = frozenset({Kind.OWN, Kind.POPULAR, Kind.TRADE, Kind.PEOPLE})
_BY_KIND: Final = (
    (Because.MORE_WORDS, _NAMING | {Kind.HOLLOW}),
    (Because.A_PLACE, _PARTING),
    (Because.A_NUMBER, frozenset({Kind.NUMBER})),
)


def _forms(left: Name, right: Name) -> Iterator[Reason]:
    if not left.forms or not right.forms or left.forms & right.forms:
        return
    lands = [frozenset(land for form in name.forms for land in countries(form)) for name in (left, right)]
    abroad = not lands[0] & lands[1]
    yield Reason(Because.OTHER_LEGAL_FORM, _FORM_OF_ANOTHER_COUNTRY if abroad else _OTHER_FORM)


def _joined(rest: list[str], other: list[str], rarity: Rarity) -> Iterator[Agreed]:
    """Take out of both what is one word here and several there: `jp morgan`, `jpmorgan`."""
    for apart, whole in ((rest, other), (other, rest)):
        for start, end in _runs(len(apart)):
            run = "".join(apart[start:end])
            if run in whole:
                del apart[start:end]
                whole.remove(run)
                yield Agreed(rarity.weight(run, 1))
                break
    if rest and other and "".join(rest) == "".join(other):
        weight = max(rarity.weight(word, 1) for word in (*rest, *other))
        rest.clear()
        other.clear()
        yield Agreed(weight)


def _runs(number: int) -> Iterator[tuple[int, int]]:
    longest = min(number, _LONGEST_RUN)
    return ((start, start + size) for size in range(longest, 1, -1) for start in range(number - size + 1))


def _initials(rest: list[str], other: list[str], rarity: Rarity) -> Iterator[Agreed]:
    """Take out a word that is made of the first letters of all the others: `ibm`."""
    for short, long in ((rest, other), (other, rest)):
        initials = "".join(word[0] for word in long)
        if len(initials) > 1 and initials in short:
            short.remove(initials)
            long.clear()
            weight = min(_INITIAL * len(initials), rarity.weight(initials, 1))
            yield Agreed(weight, Because.INITIALS, _INITIALS)
            return


def _misspelled(rest: list[str], other: list[str], rarity: Rarity) -> Iterator[Agreed]:
    """Take out pairs of words that differ by a slip or two, the closest first."""
    found = sorted(
        (OSA.distance(word, twin, score_cutoff=2), min(word, twin), max(word, twin), word, twin)
        for word in rest
        for twin in other
        if min(len(word), len(twin)) >= _SHORTEST_TYPO and abs(len(word) - len(twin)) <= 2
    )
    for distance, _, _, word, twin in found:
        allowed = 2 if min(len(word), len(twin)) >= _TWO_TYPOS else 1
        if distance <= allowed and word in rest and twin in other:
            rest.remove(word)
            other.remove(twin)
            most = A_LETTER * (min(len(word), len(twin)) - 1)
            weight = min(rarity.weight(word, 1), rarity.weight(twin, 1), most)
            yield Agreed(weight, Because.SPELLED_OTHERWISE, _SPELLED_OTHERWISE * distance)


def _shortened(rest: list[str], other: list[str], rarity: Rarity) -> Iterator[Agreed]:
    """Take out words that begin as another does: `koninkl`, `koninklijke`; of `zyxquousa` a place is left over."""
    for short, long in ((rest, other), (other, rest)):
        for word in [word for word in short if len(word) >= _SHORTEST_STEM]:
            twin = next((one for one in long if one.startswith(word)), None)
            if twin:
                short.remove(word)
                long.remove(twin)
                more = words(twin.removeprefix(word))
                long += [one for one in more if kind(one) is not Kind.OWN]
                yield Agreed(min(rarity.weight(word, 1), rarity.weight(twin, 1)), Because.SHORTENED, _SHORTENED)
