"""Whether two companies are one: a calibrated probability with reasons, and the clusters that pairs make. Pure.

The model is Fellegi and Sunter's (1969): a prior that knows how long the lists are, and for each piece of evidence the
logarithm of its likelihood ratio, where a shared word counts the more, the rarer it is among both lists. A logistic
calibration makes the sum a probability. Whole numbers throughout: exchanging the lists or their order changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.accounts.calibration import DEFAULT, Calibration
from partnercrm.accounts.likeness import likeness
from partnercrm.accounts.normalising import Name, label, name, telling, words
from partnercrm.accounts.numbers import Number, Scheme
from partnercrm.accounts.rarity import Rarity
from partnercrm.accounts.reasons import OF_DAUGHTERS, Because, Reason, score

MATCH: Final = 960_000
"""From here on two companies are taken for one: set for precision, because a wrong match tells of a customer."""

CANDIDATE: Final = 200_000
"""From here on, below MATCH, each side is told only that the partner may have its company."""

_MARKET: Final = 3
_FEWEST: Final = 1000
_TOGETHER: Final = 2000
_SAME_DOMAIN: Final = 4000
_ONE_DOMAIN: Final = 2100
_HOLDERS: Final = 500
_LIKE_DOMAIN: Final = 0
_OTHER_DOMAIN: Final = -1800
_SAME_STEM: Final = 5
_NAME_IN_DOMAIN: Final = 7000
_SAME_NUMBER: Final = 7000
_OTHER_NUMBER: Final = {Scheme.LEI: -6000, Scheme.NATIONAL: -5000, Scheme.VAT: -3000, Scheme.DUNS: -2500}
_SAME_COUNTRY: Final = 500
_OTHER_COUNTRY: Final = -3200
_SAME_POSTAL_CODE: Final = 2500
_SAME_CITY: Final = 1000
_OTHER_CITY: Final = -1050


class Company(NamedTuple):
    """What is compared: domains are registrable ones, `country` is its code of two letters."""

    id: UUID
    name: str
    domains: frozenset[str] = frozenset()
    numbers: frozenset[Number] = frozenset()
    country: str | None = None
    city: str | None = None
    postal_code: str | None = None


class Pair(NamedTuple):
    """A company of each list with the probability, in millionths, that they are one, and why."""

    left: UUID
    right: UUID
    millionths: int
    reasons: tuple[Reason, ...] = ()

    def mirrored(self) -> "Pair":
        """Return the same as it is seen from the other side."""
        return self._replace(left=self.right, right=self.left)


class Cluster(NamedTuple):
    """Companies of both lists that are one, each side's in the order of their ids; neither side is empty."""

    left: tuple[UUID, ...]
    right: tuple[UUID, ...]

    def mirrored(self) -> "Cluster":
        """Return the same as it is seen from the other side."""
        return Cluster(self.right, self.left)


class Read(NamedTuple):
    """A company made ready to be compared."""

    id: UUID
    name: Name
    joined: str
    domains: frozenset[str]
    labels: frozenset[str]
    numbers: frozenset[Number]
    country: str | None
    city: tuple[str, ...]
    postal_code: str | None


def read(company: Company) -> Read:
    """Make a company ready to be compared."""
    called = name(company.name)
    domains = telling(company.domains) if company.domains else company.domains
    return Read(
        company.id,
        called,
        "".join(called.words),
        domains,
        frozenset(map(label, domains)) if domains else domains,
        company.numbers,
        company.country,
        words(company.city) if company.city else (),
        company.postal_code,
    )


class Lists:
    """What is known of two lists before any pair is looked at: how long they are, and how common each word is.

    Of a company in neither pair nor words in common with it, a pair feels only that the lists are longer by one.
    """

    def __init__(self, left: Iterable[Read], right: Iterable[Read], *, daughters_apart: bool = True) -> None:
        """Count the sizes, the words of the names and the holders of each domain.

        With `daughters_apart` a place or branch in one name alone speaks against one company, else for nothing.
        """
        self.daughters_apart = daughters_apart
        sides = list(left), list(right)
        both = [company for side in sides for company in side]
        self.rarity = Rarity(frozenset(company.name.words) for company in both)
        self.holders = Counter(domain for company in both for domain in company.domains)
        longest = max(_FEWEST, *map(len, sides))
        self.even = round(1000 * log(_MARKET * longest))
        """The weight that makes two companies as likely one as not: minus the prior's."""
        self.expected = len(sides[0]) * len(sides[1]) / (_MARKET * longest)
        """How many pairs the prior expects to be one company."""


def compared(left: Read, right: Read, lists: Lists, calibration: Calibration = DEFAULT) -> Pair:
    """Return the probability that two companies are one, with the reasons it is made of, strongest first.

    `compared(b, a, …)` is `compared(a, b, …).mirrored()`.
    """
    reasons = [
        Reason(Because.SIZES, -lists.even),
        Reason(Because.TOGETHER, _TOGETHER),
        *likeness(left.name, right.name, lists.rarity),
        *_domains(left, right, lists),
        *_numbers(left, right, lists),
        *_places(left, right),
    ]
    if not lists.daughters_apart:
        reasons = [reason for reason in reasons if reason.because not in OF_DAUGHTERS]
    reasons.sort(key=lambda reason: (-abs(reason.weight), reason.because))
    return Pair(left.id, right.id, calibration.millionths(score(reasons)), tuple(reasons))


def mirrored(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs as they are seen from the other side."""
    return [pair.mirrored() for pair in pairs]


def clusters(pairs: Iterable[Pair], threshold: int = MATCH) -> list[Cluster]:
    """Return what pairs at least as probable as `threshold` connect: the overlap of both lists, in one order.

    The same for pairs in any order; the clusters of mirrored pairs are these mirrored, so both sides count alike.
    """
    near = defaultdict[tuple[int, UUID], list[tuple[int, UUID]]](list)
    for pair in pairs:
        if pair.millionths >= threshold:
            near[0, pair.left].append((1, pair.right))
            near[1, pair.right].append((0, pair.left))
    found = [_cluster(members) for members in _connected(near)]
    return sorted(found, key=lambda cluster: sorted((cluster.left, cluster.right)))


def _cluster(members: set[tuple[int, UUID]]) -> Cluster:
    left, right = (tuple(sorted(one for side, one in members if side == which)) for which in (0, 1))
    return Cluster(left, right)


def _connected(near: dict[tuple[int, UUID], list[tuple[int, UUID]]]) -> Iterator[set[tuple[int, UUID]]]:
    seen = set[tuple[int, UUID]]()
    for start in near:
        if start in seen:
            continue
        members, waiting = {start}, [start]
        while waiting:
            fresh = set(near[waiting.pop()]) - members
            members |= fresh
            waiting += fresh
        seen |= members
        yield members


def _domains(left: Read, right: Read, lists: Lists) -> Iterator[Reason]:
    common = left.domains & right.domains
    if common:
        others = min(lists.holders[domain] for domain in common) - 2
        yield Reason(Because.SAME_DOMAIN, lists.even + _SAME_DOMAIN)
        yield Reason(Because.ONE_DOMAIN, _ONE_DOMAIN - round(_HOLDERS * log(1 + max(0, others))))
        return
    if left.labels & right.labels:
        yield Reason(Because.LIKE_DOMAIN, lists.even + _LIKE_DOMAIN)
    elif left.labels and right.labels and not _same_stem(left.labels, right.labels):
        yield Reason(Because.OTHER_DOMAIN, _OTHER_DOMAIN)
    if left.joined != right.joined and (left.joined in right.labels or right.joined in left.labels):
        yield Reason(Because.NAME_IN_DOMAIN, _NAME_IN_DOMAIN)


def _same_stem(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return any(one[:_SAME_STEM] == other[:_SAME_STEM] for one in ours for other in theirs)


def _numbers(left: Read, right: Read, lists: Lists) -> Iterator[Reason]:
    if not left.numbers or not right.numbers:
        return
    if left.numbers & right.numbers:
        yield Reason(Because.SAME_REGISTRY_NUMBER, lists.even + _SAME_NUMBER)
        yield Reason(Because.ONE_REGISTRY_NUMBER, _SAME_NUMBER)
        return
    registers = [{(number.scheme, number.country) for number in side.numbers} for side in (left, right)]
    differing = min((_OTHER_NUMBER[scheme] for scheme, _ in registers[0] & registers[1]), default=0)
    if differing:
        yield Reason(Because.OTHER_REGISTRY_NUMBER, differing)


def _places(left: Read, right: Read) -> Iterator[Reason]:
    if left.country and right.country and left.country != right.country:
        yield Reason(Because.OTHER_COUNTRY, _OTHER_COUNTRY)
        return
    if left.country and right.country:
        yield Reason(Because.SAME_COUNTRY, _SAME_COUNTRY)
    if left.postal_code and left.postal_code == right.postal_code:
        yield Reason(Because.SAME_POSTAL_CODE, _SAME_POSTAL_CODE)
    elif left.city and right.city:
        same = left.city == right.city
        yield Reason(Because.SAME_CITY if same else Because.OTHER_CITY, _SAME_CITY if same else _OTHER_CITY)
