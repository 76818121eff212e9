"""Groups of teams: each of enough people, and nothing left over that a subtraction would tell."""

from itertools import chain, combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.identity.agreements import GROUP_MINIMUM, PersonFigures, may_see_person
from partnercrm.leads import figures
from partnercrm.leads.figures import Contribution, Group

TEAMS = st.sampled_from([None, *(UUID(int=number) for number in range(1, 6))])
# Teams drawn by their sizes, so that enough in one and too few beside it is no rare thing.
PEOPLE = st.dictionaries(TEAMS, st.lists(st.integers(1, 50), min_size=1, max_size=12), max_size=5).map(
    lambda teams: [(team, amount) for team, amounts in teams.items() for amount in amounts]
)


def contributions(people: list[tuple[UUID | None, int]]) -> list[Contribution]:
    return [Contribution(UUID(int=1000 + number), team, amount) for number, (team, amount) in enumerate(people)]


def people_in(group: Group, contributed: list[Contribution]) -> set[UUID]:
    return {one.user_id for one in contributed if one.team_id in group.teams}


@given(people=PEOPLE)
def test_every_sum_and_difference_of_what_is_shown_is_of_enough_people_or_of_nobody(
    people: list[tuple[UUID | None, int]],
) -> None:
    contributed = contributions(people)
    shown = figures.groups(contributed)
    everybody = {one.user_id for one in contributed}

    told = [people_in(group, contributed) for group in shown]
    unions = chain.from_iterable(combinations(told, size) for size in range(1, len(told) + 1))
    for union in unions:
        assert len(set().union(*union)) >= GROUP_MINIMUM
    assert sum(map(len, told)) == len(set().union(*told))
    assert not told or set().union(*told) == everybody
    assert not told or sum(group.amount for group in shown) == sum(one.amount for one in contributed)


@given(people=st.lists(st.tuples(TEAMS, st.integers(1, 50)), max_size=GROUP_MINIMUM - 1))
def test_of_fewer_than_eight_in_all_nothing_is_shown(people: list[tuple[UUID | None, int]]) -> None:
    assert figures.groups(contributions(people)) == []


@given(people=PEOPLE, seed=st.randoms())
def test_the_order_in_which_people_are_read_changes_nothing(
    people: list[tuple[UUID | None, int]], seed: object
) -> None:
    contributed = contributions(people)

    assert figures.groups(contributed) == figures.groups(sorted(contributed, key=lambda one: -one.user_id.int))


def test_a_team_of_eight_stands_alone_and_the_small_ones_are_told_together() -> None:
    big, small, tiny = (UUID(int=number) for number in (1, 2, 3))
    people = [(big, 1)] * 8 + [(small, 10)] * 5 + [(tiny, 100)] * 3

    assert figures.groups(contributions(people)) == [
        Group(frozenset({big}), 8),
        Group(frozenset({small, tiny}), 350),
    ]


def test_too_few_others_join_the_smallest_team_that_stands_alone() -> None:
    bigger, big, small = (UUID(int=number) for number in (1, 2, 3))
    people = [(bigger, 1)] * 9 + [(big, 1)] * 8 + [(small, 10)] * 2 + [(None, 5)]

    found = figures.groups(contributions(people))

    assert found == [Group(frozenset({bigger}), 9), Group(frozenset({big, small, None}), 33)]


def test_one_person_who_is_read_twice_is_one_person() -> None:
    one = [Contribution(UUID(int=1), None, 3)] * 8

    assert figures.groups(one) == []


def test_who_may_see_figures_of_one_person() -> None:
    for agreed in PersonFigures:
        assert may_see_person(agreed, is_oneself=True, oversees=False, is_program=False)
        assert not may_see_person(agreed, is_oneself=False, oversees=False, is_program=False)
        assert not may_see_person(agreed, is_oneself=False, oversees=True, is_program=True)
    assert may_see_person(PersonFigures.MANAGERS, is_oneself=False, oversees=True, is_program=False)
    assert not may_see_person(PersonFigures.OFF, is_oneself=False, oversees=True, is_program=False)
