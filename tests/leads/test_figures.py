"""Groups of teams: each of enough people, and nothing left over that a subtraction would tell."""

from collections import Counter
from itertools import chain, combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.identity.agreements import GROUP_MINIMUM, PersonFigures, may_see_person
from partnercrm.leads import figures
from partnercrm.leads.figures import Contribution, Group

TEAM_IDS = [UUID(int=number) for number in range(1, 7)]
TEAMS = st.sampled_from([None, *TEAM_IDS[:5]])
# Teams drawn by their sizes, so that enough in one and too few beside it is no rare thing; some gave nothing.
AMOUNTS = st.one_of(st.just(0), st.integers(1, 50))
PEOPLE = st.dictionaries(TEAMS, st.lists(AMOUNTS, min_size=1, max_size=12), max_size=5).map(
    lambda teams: [(team, amount) for team, amounts in teams.items() for amount in amounts]
)


def contributions(people: list[tuple[UUID | None, int]]) -> list[Contribution]:
    return [Contribution(UUID(int=1000 + number), team, amount) for number, (team, amount) in enumerate(people)]


def people_in(group: Group, contributed: list[Contribution]) -> set[UUID]:
    return {one.user_id for one in contributed if one.team_id in group.teams and one.amount}


@given(people=PEOPLE)
def test_every_sum_and_difference_of_what_is_shown_is_of_enough_people_or_of_nobody(
    people: list[tuple[UUID | None, int]],
) -> None:
    company = contributions(people)
    shown = figures.groups(company, TEAM_IDS)
    everybody = {one.user_id for one in company if one.amount}

    told = [people_in(group, company) for group in shown]
    unions = chain.from_iterable(combinations(told, size) for size in range(1, len(told) + 1))
    for union in unions:
        assert len(set().union(*union)) >= GROUP_MINIMUM
    assert sum(map(len, told)) == len(set().union(*told))
    assert not told or set().union(*told) == everybody
    assert not told or sum(group.amount for group in shown) == sum(one.amount for one in company)


@given(people=PEOPLE)
def test_every_team_is_in_one_group_whoever_of_it_gave_nothing(people: list[tuple[UUID | None, int]]) -> None:
    shown = figures.groups(contributions(people), TEAM_IDS)

    in_groups = [team for group in shown for team in group.teams]
    assert not shown or sorted(map(str, in_groups)) == sorted(map(str, {*TEAM_IDS, *(team for team, _ in people)}))


@given(people=PEOPLE, data=st.data())
def test_who_of_those_told_together_gave_what_changes_nothing(
    people: list[tuple[UUID | None, int]], data: st.DataObject
) -> None:
    """Two people of one team, or of two teams with fewer than eight people each, exchange what they gave."""
    sizes = Counter(team for team, _ in people)

    def together(one: int, other: int) -> bool:
        two = people[one][0], people[other][0]
        return two[0] == two[1] or max(sizes[team] for team in two) < GROUP_MINIMUM

    pairs = [pair for pair in combinations(range(len(people)), 2) if together(*pair)]
    one, other = data.draw(st.sampled_from(pairs or [(0, 0)]))
    exchanged = list(people)
    if pairs:
        exchanged[one] = people[one][0], people[other][1]
        exchanged[other] = people[other][0], people[one][1]

    assert figures.groups(contributions(exchanged), TEAM_IDS) == figures.groups(contributions(people), TEAM_IDS)


@given(people=st.lists(st.tuples(TEAMS, st.integers(1, 50)), max_size=GROUP_MINIMUM - 1), idle=st.lists(TEAMS))
def test_of_fewer_than_eight_in_all_nothing_is_shown(
    people: list[tuple[UUID | None, int]], idle: list[UUID | None]
) -> None:
    assert figures.groups(contributions(people + [(team, 0) for team in idle]), TEAM_IDS) == []


@given(people=PEOPLE, seed=st.randoms())
def test_the_order_in_which_people_are_read_changes_nothing(
    people: list[tuple[UUID | None, int]], seed: object
) -> None:
    company = contributions(people)

    assert figures.groups(company) == figures.groups(sorted(company, key=lambda one: -one.user_id.int))


def test_a_team_of_eight_stands_alone_and_the_small_ones_are_told_together() -> None:
    big, small, tiny = TEAM_IDS[:3]
    people = [(big, 1)] * 8 + [(small, 10)] * 5 + [(tiny, 100)] * 3

    assert figures.groups(contributions(people)) == [
        Group(frozenset({big}), 8),
        Group(frozenset({small, tiny}), 350),
    ]


def test_too_few_others_join_the_smallest_team_that_stands_alone() -> None:
    bigger, big, small = TEAM_IDS[:3]
    people = [(bigger, 1)] * 9 + [(big, 1)] * 8 + [(small, 10)] * 2 + [(None, 5)]

    found = figures.groups(contributions(people))

    assert found == [Group(frozenset({bigger}), 9), Group(frozenset({big, small, None}), 33)]


def test_a_team_that_gave_nothing_is_told_with_others_like_any_other() -> None:
    bigger, big, idle, gives, empty = TEAM_IDS[:5]
    people = [(bigger, 1)] * 9 + [(big, 1)] * 8 + [(idle, 0), (gives, 10)]

    found = figures.groups(contributions(people), [empty])

    assert found == [Group(frozenset({bigger}), 9), Group(frozenset({big, idle, gives, empty}), 18)]


def test_a_big_team_of_which_too_few_gave_is_told_with_the_one_of_fewest_people() -> None:
    biggest, big, idle = TEAM_IDS[:3]
    people = [(biggest, 1)] * 10 + [(big, 1)] * 8 + [(idle, 0)] * 9

    found = figures.groups(contributions(people))

    assert found == [Group(frozenset({biggest}), 10), Group(frozenset({big, idle}), 8)]


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
