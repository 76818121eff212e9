"""One epoch of a partnership's mapping: what is told of two sides' lists, given which accounts are the same; pure.

Both sides are treated alike: with the sides exchanged, the outcome is the mirror, with the same counts and bands.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from partnercrm.accounts.matching import MATCH, Pair, clusters
from partnercrm.accounts.probing import Band, Look, Told, Tripwire, band_told, retold, tripped
from partnercrm.accounts.tiers import MappingTier, discloses


class Brought(NamedTuple):
    """What one side brings: its lists by mapping, and what is known of them.

    `changed`: mappings whose list is another one than was compared last; `left`: how many of these may be compared for
    counts; `unripe`: accounts not yet told of singly; `fictitious`: those made up for the other side; `changes`: how
    many came or became other companies within the period; `resting`: tripwires lifted not long ago.
    """

    lists: Mapping[UUID, frozenset[UUID]]
    changed: frozenset[UUID] = frozenset()
    left: int = 0
    unripe: frozenset[UUID] = frozenset()
    fictitious: frozenset[UUID] = frozenset()
    changes: int = 0
    resting: frozenset[Tripwire] = frozenset()


class Joint(NamedTuple):
    """Accounts of both sides that are one company, and the number of the epoch since when this is told."""

    id: UUID | None
    first: frozenset[UUID]
    second: frozenset[UUID]
    since: int


class Before(NamedTuple):
    """What was told of a mapping until now."""

    told: Told | None = None
    joints: Sequence[Joint] = ()


class Cell(NamedTuple):
    """What both sides read of a mapping: the count as a band, an exact one where single overlaps are told."""

    band: Band
    told: Told
    new: int
    gone: int
    joints: Sequence[Joint]


class Outcome(NamedTuple):
    """What comes of an epoch: nothing but the tripwires of either side where one is touched."""

    tripped: tuple[Sequence[Tripwire], Sequence[Tripwire]]
    cells: Mapping[UUID, Cell]
    spent: tuple[frozenset[UUID], frozenset[UUID]]

    @property
    def is_frozen(self) -> bool:
        """Whether the mapping stops until both sides have looked."""
        return any(self.tripped)

    def accounts(self) -> frozenset[UUID]:
        """Return the accounts of either side that both are told of."""
        joints = [joint for cell in self.cells.values() for joint in cell.joints]
        return frozenset[UUID]().union(*(joint.first | joint.second for joint in joints))


Same = tuple[UUID, UUID]


def compare(
    tiers: Mapping[UUID, MappingTier],
    sides: tuple[Brought, Brought],
    same: Collection[Same],
    before: Mapping[UUID, Before],
    *,
    epoch: int,
    secret: bytes,
) -> Outcome:
    """Return what an epoch tells of the mappings with these tiers.

    `same` are pairs of the first side's and the second side's accounts that are one company.
    """
    first, second = sides
    wires = _tripped(first, second, same)
    if any(wires):
        return Outcome(wires, {}, (frozenset(), frozenset()))
    budgets = _Budgets(first, second)
    cells = {}
    # What was told longest ago is compared first, so that nothing starves while budgets are short.
    earliest = {mapping_id: before.get(mapping_id, Before()) for mapping_id in tiers}
    for mapping_id in sorted(tiers, key=lambda one: (_told_in(earliest[one]), one)):
        tier, earlier = tiers[mapping_id], earliest[mapping_id]
        here = [one for one in same if _is_listed(one, sides, mapping_id)]
        if discloses(tier).which:
            ripe = [one for one in here if one[0] not in first.unripe and one[1] not in second.unripe]
            cells[mapping_id] = _singly(ripe, earlier, epoch)
        elif discloses(tier).counts and budgets.allow(mapping_id, is_first=earlier.told is None):
            told = retold(earlier.told, len(_joined(here)), epoch, secret, mapping_id)
            cells[mapping_id] = Cell(band_told(told, secret, mapping_id), told, 0, 0, ())
        elif discloses(tier).counts and earlier.told:
            cells[mapping_id] = Cell(band_told(earlier.told, secret, mapping_id), earlier.told, 0, 0, ())
    return Outcome(((), ()), cells, budgets.spent)


def may_be_asked(one: Same, tiers: Mapping[UUID, MappingTier], sides: tuple[Brought, Brought]) -> bool:
    """Tell whether both sides may be asked about two accounts: where single overlaps are told, of what is ripe."""
    first, second = sides
    is_ripe = one[0] not in first.unripe and one[1] not in second.unripe
    return is_ripe and any(
        discloses(tier).which and _is_listed(one, sides, mapping_id) for mapping_id, tier in tiers.items()
    )


class _Budgets:
    """How many changed lists of either side may still be compared for counts.

    The first comparison of a mapping was agreed to and never waits, but it tells as much of a list as any other: it
    is taken off the budgets too.
    """

    def __init__(self, first: Brought, second: Brought) -> None:
        self._sides = (first, second)
        self._spent: tuple[set[UUID], set[UUID]] = (set(), set())

    @property
    def spent(self) -> tuple[frozenset[UUID], frozenset[UUID]]:
        """Which changed lists of either side were compared."""
        one, other = self._spent
        return frozenset(one), frozenset(other)

    def allow(self, mapping_id: UUID, *, is_first: bool) -> bool:
        """Tell whether a mapping's lists may be compared now; where they changed, take it off their side's budget."""
        changed = [number for number, side in enumerate(self._sides) if is_first or mapping_id in side.changed]
        if not is_first and any(len(self._spent[number]) >= self._sides[number].left for number in changed):
            return False
        for number in changed:
            self._spent[number].add(mapping_id)
        return True


def _told_in(before: Before) -> int:
    return before.told.epoch if before.told else 0


def _tripped(first: Brought, second: Brought, same: Iterable[Same]) -> tuple[Sequence[Tripwire], Sequence[Tripwire]]:
    real = [one for one in same if one[0] not in first.fictitious and one[1] not in second.fictitious]
    hits = (
        len({one for one, other in same if one not in first.fictitious and other in second.fictitious}),
        len({other for one, other in same if other not in second.fictitious and one in first.fictitious}),
    )
    looks = (
        _look(first, len({one for one, _ in real}), hits[0]),
        _look(second, len({other for _, other in real}), hits[1]),
    )
    return tripped(looks[0], first.resting), tripped(looks[1], second.resting)


def _look(side: Brought, matched: int, fictitious: int) -> Look:
    listed = frozenset[UUID]().union(*side.lists.values()) - side.fictitious
    return Look(len(listed), side.changes, matched, fictitious)


def _is_listed(one: Same, sides: tuple[Brought, Brought], mapping_id: UUID) -> bool:
    """Tell whether both accounts stand on their side's list, and neither is made up."""
    return all(
        account_id in side.lists.get(mapping_id, ()) and account_id not in side.fictitious
        for account_id, side in zip(one, sides, strict=True)
    )


def _singly(same: Sequence[Same], earlier: Before, epoch: int) -> Cell:
    """Tell of each company by itself; one that was told of before keeps its id and since when."""
    known = _Known(earlier.joints)
    joints = [known.as_told(first, second, epoch) for first, second in _joined(same)]
    count = len(joints)
    is_new = sum(joint.id is None for joint in joints) if earlier.told else 0
    return Cell(Band(count, count), Told(count, epoch), is_new, known.left, joints)


class _Known:
    """The companies told of before, each of which one of now may continue."""

    def __init__(self, joints: Iterable[Joint]) -> None:
        self._free = {joint.id: joint for joint in joints}
        self._by_account = defaultdict[UUID, set[UUID | None]](set)
        for joint in self._free.values():
            for account_id in joint.first | joint.second:
                self._by_account[account_id].add(joint.id)

    @property
    def left(self) -> int:
        """How many of these no company of now continues."""
        return len(self._free)

    def as_told(self, first: frozenset[UUID], second: frozenset[UUID], epoch: int) -> Joint:
        """Return a company as the oldest one that has an account of either side in common with it; else as new."""
        near = {one for account_id in first | second for one in self._by_account.get(account_id, ())}
        same = [self._free[one] for one in near if one in self._free]
        same = [one for one in same if one.first & first and one.second & second]
        if not same:
            return Joint(None, first, second, epoch)
        oldest = min(same, key=lambda one: (one.since, str(one.id)))
        del self._free[oldest.id]
        return Joint(oldest.id, first, second, oldest.since)


def _joined(same: Iterable[Same]) -> list[tuple[frozenset[UUID], frozenset[UUID]]]:
    """Return the companies, each with its accounts on either side: accounts are one company along every pair."""
    pairs = (Pair(one, other, MATCH) for one, other in same)
    return [(frozenset(cluster.left), frozenset(cluster.right)) for cluster in clusters(pairs)]
