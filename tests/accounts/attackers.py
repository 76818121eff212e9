"""Somebody who tries out guesses on a partner's list: knows every rule and some members, and not the secret."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.accounts.comparing import Before, Brought, Outcome, compare
from partnercrm.accounts.probing import EPOCH, PERIOD, K, comparisons_left, ripe_at
from partnercrm.accounts.tiers import MappingTier, discloses

BEGIN: Final = datetime(2026, 3, 1, 4, tzinfo=UTC)
DAYS: Final = 30
KNOWN: Final = range(200)
GUESSED: Final = range(1_000, 1_500)
OTHERS: Final = range(2_000, 2_200)
MADE_UP: Final = range(10_000, 10_600)
Lists = Mapping[UUID, frozenset[int]]


class Seen(NamedTuple):
    """What the attacker reads after an epoch: by mapping the band's lower edge, and which of its accounts both have.

    `told_now` is more than the pages show: that a count was told anew, whatever its band.
    """

    bands: Mapping[UUID, int]
    single: frozenset[int]
    told_now: bool


Turns = Iterator[tuple[Lists, Callable[[Seen], frozenset[int]]]]
Strategy = Callable[[random.Random], Turns]


class Attack(NamedTuple):
    """What came of thirty days: guesses told to be members, those that truly are, and what the victim could see."""

    inferred: frozenset[int]
    members: frozenset[int]
    epochs: int
    shown: int
    is_frozen: bool


class _Attacker:
    """The attacker's side as the record keeps it: since when each account is listed, what was compared."""

    def __init__(self, lists: Lists) -> None:
        self.listed = dict.fromkeys(_all(lists), BEGIN)
        self.base = frozenset(self.listed)
        self.compared: dict[UUID, frozenset[int]] = {}
        self.spent: list[datetime] = []
        self.came: list[tuple[datetime, int]] = []

    def take(self, lists: Lists, now: datetime) -> Brought:
        """Bring the lists as they are now."""
        came = _all(lists) - self.listed.keys()
        self.came.append((now, len(came)))
        self.base &= _all(lists)
        self.listed = {company: self.listed.get(company, now) for company in _all(lists)}
        return Brought(
            {mapping_id: _accounts(companies) for mapping_id, companies in lists.items()},
            changed=frozenset(
                one for one, companies in lists.items() if self.compared.get(one, companies) != companies
            ),
            left=comparisons_left(self.spent, now),
            unripe=_accounts(one for one, at in self.listed.items() if one not in self.base and now < ripe_at(at)),
            changes=sum(number for at, number in self.came if now - PERIOD < at),
        )

    def compared_now(self, lists: Lists, outcome: Outcome, now: datetime) -> None:
        """Remember what was compared, and take it off the budget."""
        for mapping_id in lists:
            if mapping_id in outcome.spent[0] or mapping_id not in self.compared:
                self.compared[mapping_id] = lists[mapping_id]
        self.spent += [now] * len(outcome.spent[0])


def thirty_days(strategy: Strategy, tier: MappingTier, seed: int, *, prior: float = 0.4) -> Attack:
    """Let somebody try out guesses for thirty days by a strategy, against a list with some of the guesses on it."""
    chance = random.Random(seed)
    members = frozenset(one for one in GUESSED if chance.random() < prior)
    victims = frozenset(KNOWN) | members | frozenset(OTHERS)
    secret = chance.randbytes(32)
    attacker, before, inferred, epochs, shown = None, dict[UUID, Before](), frozenset[int](), 0, 0
    moments = [BEGIN + EPOCH * number for number in range(DAYS // EPOCH.days + 1)]
    for epoch, (now, (lists, read)) in enumerate(zip(moments, strategy(chance), strict=False), 1):
        attacker = attacker or _Attacker(lists)
        earlier = attacker.compared.copy()
        brought = attacker.take(lists, now)
        on_victims = Brought({mapping_id: _accounts(victims) for mapping_id in lists})
        same = [(_account(one), _account(one)) for one in _all(lists) & victims]
        outcome = compare(dict.fromkeys(lists, tier), (brought, on_victims), same, before, epoch=epoch, secret=secret)
        epochs, shown = epochs + 1, shown + (earlier != dict(lists))
        if outcome.is_frozen:
            return Attack(inferred & frozenset(GUESSED), members, epochs, shown, is_frozen=True)
        attacker.compared_now(lists, outcome, now)
        before = {one: Before(cell.told, cell.joints) for one, cell in outcome.cells.items()}
        inferred |= read(_seen(outcome, tier, epoch))
    return Attack(inferred & frozenset(GUESSED), members, epochs, shown, is_frozen=False)


def _seen(outcome: Outcome, tier: MappingTier, epoch: int) -> Seen:
    cells = outcome.cells.values()
    single = frozenset(one.int for cell in cells for joint in cell.joints for one in joint.first)
    bands = {one: cell.band.least for one, cell in outcome.cells.items()}
    return Seen(bands, single if discloses(tier).which else frozenset(), any(one.told.epoch == epoch for one in cells))


def at_the_edge(together: int, lists: int) -> Strategy:
    """Pad guesses with known members until one edge is reached only if all are members, on several lists at once."""

    def strategy(chance: random.Random) -> Turns:
        guesses = _drawn(chance, GUESSED)
        for edge in _edges():
            tried = {UUID(int=number + 1): [next(guesses) for _ in range(together)] for number in range(lists)}
            padded = {one: _diluted(guessed, edge - together) for one, guessed in tried.items()}
            yield padded, _all_if_beyond(tried, edge)

    return strategy


def by_difference(chance: random.Random) -> Turns:
    """Bring K - 1 known members and one guess at a time: where the count is told anew, the guess was a member."""
    guesses, mapping_id, kept, known = _drawn(chance, GUESSED), UUID(int=1), list[int](), 49
    yield {mapping_id: _diluted((), known)}, lambda _: frozenset()
    while True:
        guess, told = next(guesses), list[int]()

        def read(seen: Seen, guess: int = guess, told: list[int] = told) -> frozenset[int]:
            told += [guess] if seen.told_now else []
            return frozenset(told)

        yield {mapping_id: _diluted([*kept, guess], known + K - 1)}, read
        if told:
            kept, known = [*kept, guess], known + K - 1


def all_at_once(chance: random.Random) -> Turns:
    """Begin with known members, then bring every guess: whatever is told of singly is a member."""
    yield {UUID(int=1): _diluted((), 200)}, lambda seen: seen.single
    while True:
        yield {UUID(int=1): _diluted(GUESSED, 200)}, lambda seen: seen.single


def little_by_little(chance: random.Random) -> Turns:
    """Begin with known members, then bring ten guesses an epoch."""
    guesses, tried = _drawn(chance, GUESSED), list[int]()
    while True:
        yield {UUID(int=1): _diluted(tried, 200)}, lambda seen: seen.single
        tried += [next(guesses) for _ in range(10)]


def undiluted(chance: random.Random) -> Turns:
    """Bring known members and guesses alone, from the beginning."""
    while True:
        yield {UUID(int=1): frozenset(KNOWN) | frozenset(GUESSED)}, lambda seen: seen.single


def _edges() -> Iterator[int]:
    """Go from edge to edge in steps that are told anew."""
    while True:
        yield from (10, 50, 100, 25, 100)


def _all_if_beyond(tried: Mapping[UUID, Sequence[int]], edge: int) -> Callable[[Seen], frozenset[int]]:
    def read(seen: Seen) -> frozenset[int]:
        beyond = [one for one, least in seen.bands.items() if least >= edge]
        return frozenset(guess for one in beyond for guess in tried[one])

    return read


def _drawn(chance: random.Random, among: Sequence[int]) -> Iterator[int]:
    return iter(chance.sample(among, len(among)))


def _diluted(guesses: Sequence[int], known: int) -> frozenset[int]:
    """Return guesses and known members among companies that nobody has."""
    return frozenset(guesses) | frozenset(KNOWN[:known]) | frozenset(MADE_UP)


def _all(lists: Lists) -> frozenset[int]:
    return frozenset[int]().union(*lists.values())


def _account(company: int) -> UUID:
    return UUID(int=company)


def _accounts(companies: Iterable[int]) -> frozenset[UUID]:
    return frozenset(_account(one) for one in companies)
