"""One epoch, of random lists: both sides read the same, nothing made up or unripe, and companies keep their ids."""

import os
from typing import Final
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.accounts.comparing import Before, Brought, Cell, Joint, Outcome, Same, compare
from partnercrm.accounts.probing import Band, Told, Tripwire
from partnercrm.accounts.tiers import MappingTier

SECRET: Final = bytes(32)
EXAMPLES: Final = 1_000 if os.environ.get("PARTNERCRM_PROVE") == "1" else 25
M, N = UUID(int=501), UUID(int=502)
OURS = [UUID(int=number) for number in range(1, 9)]
THEIRS = [UUID(int=number) for number in range(101, 109)]
TIERS: Final = st.fixed_dictionaries(dict.fromkeys((M, N), st.sampled_from(MappingTier)))


def some(accounts: list[UUID]) -> st.SearchStrategy[frozenset[UUID]]:
    """Return some of the accounts."""
    return st.frozensets(st.sampled_from(accounts))


def brought(accounts: list[UUID]) -> st.SearchStrategy[Brought]:
    """Return what a side brings."""
    lists = st.fixed_dictionaries(dict.fromkeys((M, N), some(accounts)))
    changed = st.frozensets(st.sampled_from((M, N)))
    return st.builds(Brought, lists, changed, st.integers(0, 2), some(accounts), some(accounts[:2]))


SAME = st.lists(st.tuples(st.sampled_from(OURS), st.sampled_from(THEIRS)), unique=True)
BEFORE = st.dictionaries(st.just(M), st.builds(Before, st.just(Told(3, 1))))


def mirrored(same: list[Same]) -> list[Same]:
    """Return the pairs as the other side has them."""
    return [(other, one) for one, other in same]


@settings(max_examples=EXAMPLES)
@given(TIERS, brought(OURS), brought(THEIRS), SAME, BEFORE)
def test_with_the_sides_exchanged_the_outcome_is_the_mirror(
    tiers: dict[UUID, MappingTier], one: Brought, other: Brought, same: list[Same], before: dict[UUID, Before]
) -> None:
    here = compare(tiers, (one, other), same, before, epoch=2, secret=SECRET)
    there = compare(tiers, (other, one), mirrored(same), before, epoch=2, secret=SECRET)

    assert there.tripped == here.tripped[::-1]
    assert there.spent == here.spent[::-1]
    assert there.cells.keys() == here.cells.keys()
    for mapping_id, cell in here.cells.items():
        twin = there.cells[mapping_id]
        assert (twin.band, twin.told, twin.new, twin.gone) == (cell.band, cell.told, cell.new, cell.gone)
        assert {(joint.second, joint.first) for joint in twin.joints} == {
            (one.first, one.second) for one in cell.joints
        }


@settings(max_examples=EXAMPLES)
@given(TIERS, brought(OURS), brought(THEIRS), SAME)
def test_nothing_unlisted_made_up_or_unripe_is_told_of(
    tiers: dict[UUID, MappingTier], one: Brought, other: Brought, same: list[Same]
) -> None:
    for mapping_id, cell in compare(tiers, (one, other), same, {}, epoch=1, secret=SECRET).cells.items():
        for joint in cell.joints:
            for side, accounts in ((one, joint.first), (other, joint.second)):
                assert accounts
                assert accounts <= side.lists[mapping_id] - side.unripe - side.fictitious
        assert not cell.joints or tiers[mapping_id] not in {MappingTier.HIDDEN, MappingTier.COUNTS}
        assert not cell.joints or cell.band == Band(len(cell.joints), len(cell.joints))


@settings(max_examples=EXAMPLES)
@given(brought(OURS), brought(THEIRS), SAME)
def test_every_account_is_in_one_company_with_all_it_is_the_same_as(
    one: Brought, other: Brought, same: list[Same]
) -> None:
    tiers = {M: MappingTier.OVERLAPS}
    cells = compare(tiers, (one, other), same, {}, epoch=1, secret=SECRET).cells
    joints = cells[M].joints if M in cells else []
    of_ours = {account_id: joint for joint in joints for account_id in joint.first}

    assert sum(len(joint.first) for joint in joints) == len(of_ours)
    for mine, theirs in same:
        if mine in of_ours and theirs in other.lists[M] - other.unripe - other.fictitious:
            assert theirs in of_ours[mine].second


def told(same: list[Same], before: Before | None = None, **side: object) -> Outcome:
    """Return what is told singly of these pairs, all listed."""
    one = Brought({M: frozenset(OURS)}, **side)  # type: ignore[arg-type]
    tiers = {M: MappingTier.OVERLAPS}
    return compare(
        tiers, (one, Brought({M: frozenset(THEIRS)})), same, {M: before} if before else {}, epoch=2, secret=SECRET
    )


def kept(cell: Cell) -> Before:
    """Return what was told, as it is remembered."""
    return Before(cell.told, [joint._replace(id=joint.id or uuid4()) for joint in cell.joints])


def test_a_company_keeps_its_id_and_since_when_over_epochs() -> None:
    first = kept(told([(OURS[0], THEIRS[0]), (OURS[1], THEIRS[1])]).cells[M])
    earlier = Before(first.told, [joint._replace(since=1) for joint in first.joints])
    cell = told([(OURS[0], THEIRS[0]), (OURS[2], THEIRS[0]), (OURS[3], THEIRS[3])], earlier).cells[M]
    wider, new = cell.joints

    assert (cell.new, cell.gone, cell.band) == (1, 1, Band(2, 2))
    assert (wider.id, wider.since, wider.first) == (earlier.joints[0].id, 1, {OURS[0], OURS[2]})
    assert (new.id, new.since) == (None, 2)


def test_where_two_companies_become_one_the_older_stays() -> None:
    young = Joint(uuid4(), frozenset(OURS[:1]), frozenset(THEIRS[:1]), 2)
    old = Joint(uuid4(), frozenset(OURS[1:2]), frozenset(THEIRS[1:2]), 1)
    same = [(OURS[0], THEIRS[0]), (OURS[0], THEIRS[1]), (OURS[1], THEIRS[1])]
    cell = told(same, Before(Told(2, 2), [young, old])).cells[M]

    assert [joint.id for joint in cell.joints] == [old.id]
    assert (cell.new, cell.gone) == (0, 1)


def test_a_company_with_accounts_of_one_side_alone_in_common_is_another() -> None:
    old = Joint(uuid4(), frozenset(OURS[:1]), frozenset(THEIRS[:1]), 1)
    cell = told([(OURS[0], THEIRS[1])], Before(Told(1, 1), [old])).cells[M]

    assert [joint.id for joint in cell.joints] == [None]
    assert (cell.new, cell.gone) == (1, 1)


def test_whoever_hits_what_the_other_made_up_freezes_both_and_nothing_is_told() -> None:
    other = Brought({M: frozenset(THEIRS)}, fictitious=frozenset(THEIRS[:1]))
    sides = (Brought({M: frozenset(OURS)}), other)
    outcome = compare({M: MappingTier.OVERLAPS}, sides, [(OURS[0], THEIRS[0])], {}, epoch=1, secret=SECRET)

    assert outcome.tripped == ([Tripwire.FICTITIOUS], [])
    assert outcome.is_frozen
    assert not outcome.cells


def test_a_tripwire_that_rests_lets_the_epoch_go_on() -> None:
    growth = {"changes": 51}

    assert told([], **growth).is_frozen
    assert not told([], **growth, resting=frozenset({Tripwire.LIST_GROWTH})).is_frozen


def counted(number: int, before: Before, mine: Brought) -> Outcome:
    """Return what is told of so many in common, as a count."""
    accounts = [UUID(int=number) for number in range(1000, 1000 + number)]
    sides = (mine._replace(lists={M: frozenset(accounts)}), Brought({M: frozenset(accounts)}))
    return compare(
        {M: MappingTier.COUNTS}, sides, [(one, one) for one in accounts], {M: before}, epoch=2, secret=SECRET
    )


def test_a_changed_list_is_compared_for_counts_while_its_side_has_comparisons_left() -> None:
    before, changed = Before(Told(3, 1)), Brought({}, changed=frozenset({M}), left=1)
    spent = counted(40, before, changed)
    without = counted(40, before, changed._replace(left=0))

    assert spent.cells[M].told == Told(40, 2)
    assert spent.spent == ({M}, frozenset())
    assert without.cells[M].told == before.told
    assert without.spent == (frozenset(), frozenset())


def test_the_first_comparison_was_agreed_to_and_never_waits_but_costs_either_side_one() -> None:
    outcome = counted(40, Before(), Brought({}))

    assert outcome.cells[M].told == Told(40, 2)
    assert outcome.spent == ({M}, {M})


def test_what_waited_longest_is_compared_first() -> None:
    lists = {M: frozenset(OURS), N: frozenset(OURS)}
    mine = Brought(lists, changed=frozenset({M, N}), left=1)
    before = {M: Before(Told(3, 2)), N: Before(Told(3, 1))}
    tiers = dict.fromkeys((M, N), MappingTier.COUNTS)
    outcome = compare(tiers, (mine, Brought(lists)), [], before, epoch=3, secret=SECRET)

    assert outcome.spent == ({N}, frozenset())


def test_what_is_hidden_has_no_cell() -> None:
    one = Brought({M: frozenset(OURS)})
    assert not compare({M: MappingTier.HIDDEN}, (one, one), [(OURS[0], OURS[0])], {}, epoch=1, secret=SECRET).cells
