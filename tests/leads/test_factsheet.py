"""What a fact sheet finds: at which step leads end, where the difference sits; pure."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.clusters import Pair
from partnercrm.leads.factsheet import (
    FEWEST,
    Cohort,
    Difference,
    Group,
    Passing,
    Segment,
    Stage,
    differences,
    funnel,
    segments,
)
from partnercrm.partnerships.measures import Measure

EVEN = Cohort(offered=40, accepted=30, qualified=24, won=12)
NARROW = EVEN._replace(accepted=6, qualified=5, won=3)
SELDOM_WON = EVEN._replace(won=6)


def cohorts() -> st.SearchStrategy[Cohort]:
    """Any leads: at each stage some pass, some are there yet, the others ended."""

    @st.composite
    def made(draw: st.DrawFn) -> Cohort:
        reached, came, waiting = draw(st.integers(0, 60)), [], []
        came.append(reached)
        for _stage in Stage:
            passed = draw(st.integers(0, reached))
            waiting.append(draw(st.integers(0, reached - passed)))
            came.append(passed)
            reached = passed
        return Cohort(*came, *waiting)

    return made()


def groups() -> st.SearchStrategy[list[Group]]:
    keys = st.one_of(st.none(), st.sampled_from("ABCDEFGH"))
    return st.dictionaries(keys, st.tuples(st.integers(0, 30), st.integers(0, 30))).map(
        lambda found: [Group(key, key, Pair(*given)) for key, given in found.items()]
    )


def test_a_lead_passes_a_stage_ends_there_or_is_there_yet() -> None:
    answers = funnel(EVEN._replace(unanswered=4))[Stage.ANSWER]

    assert (answers.reached, answers.passed, answers.still_open, answers.ended) == (40, 30, 4, 6)
    assert answers.rate == Fraction(30, 36)
    assert Passing(5, 0, 5).rate is None


def test_the_step_at_which_most_leads_end_is_named_with_how_many_more_would_have_come_on() -> None:
    [most, *others] = differences((funnel(EVEN), funnel(NARROW)), Measure.ACCEPTED, next_to_give=1)

    assert most == Difference(Stage.ANSWER, 1, Fraction(24), is_told=True, counts=True)
    assert [(one.stage, one.place, one.leads, one.is_told) for one in others] == [
        (Stage.DEAL, 0, Fraction(12, 5), False),
        (Stage.QUALIFICATION, 0, Fraction(1), False),
    ]


@pytest.mark.parametrize(
    ("measure", "turn", "counts"),
    [
        (Measure.ACCEPTED, 1, False),
        (Measure.QUALIFIED, 1, False),
        (Measure.WON, 1, True),
        (Measure.WON, 0, False),
        (Measure.WON, None, False),
    ],
)
def test_only_what_comes_before_the_measure_and_ends_leads_of_who_gives_next_widens_the_difference(
    measure: Measure, turn: int | None, counts: bool
) -> None:
    [deal] = differences((funnel(EVEN), funnel(SELDOM_WON)), measure, turn)

    assert (deal.stage, deal.counts) == (Stage.DEAL, counts)


def test_of_few_leads_no_rate_is_told_apart_from_chance() -> None:
    few = Cohort(offered=FEWEST - 1), Cohort(offered=400, accepted=400)

    [answer] = differences((funnel(few[0]), funnel(few[1])), Measure.ACCEPTED, 0)

    assert (answer.leads, answer.is_told) == (FEWEST - 1, False)


@given(cohorts(), cohorts(), st.sampled_from(Measure), st.sampled_from([None, 0, 1]))
def test_at_the_other_directions_rate_just_so_many_more_would_have_come_on(
    first: Cohort, second: Cohort, measure: Measure, turn: int | None
) -> None:
    funnels = funnel(first), funnel(second)
    for one in differences(funnels, measure, turn):
        slow, other = funnels[one.place][one.stage], funnels[1 - one.place][one.stage]
        assert other.rate is not None
        assert slow.passed + one.leads == (slow.passed + slow.ended) * other.rate
        assert one.leads > 0
        assert not one.is_told or min(slow.reached, other.reached) >= FEWEST
    mirrored = differences((funnels[1], funnels[0]), measure, None if turn is None else 1 - turn)
    assert [(one.stage, 1 - one.place, one.leads) for one in mirrored] == [
        (one.stage, one.place, one.leads) for one in differences(funnels, measure, turn)
    ]


def test_the_difference_sits_where_most_leads_beyond_the_share_were_given() -> None:
    found = segments(
        [
            Group("DE", "Germany", Pair(20, 4)),
            Group("AT", "Austria", Pair(6, 6)),
            Group("FR", None, Pair(1, 5)),
            Group(None, None, Pair(2, 1)),
        ],
        share_percent=50,
    )

    assert found == [
        Segment(("DE",), "Germany", Pair(20, 4), Fraction(8)),
        Segment(("FR", None), None, Pair(3, 6), Fraction(-3, 2)),
        Segment(("AT",), "Austria", Pair(6, 6), Fraction(0)),
    ]


@given(groups(), st.integers(1, 99), st.booleans())
def test_what_lies_beyond_the_share_sums_to_that_of_the_whole_and_no_small_group_stands_alone(
    given_by: list[Group], share: int, pooled: bool
) -> None:
    found = segments(given_by, share, pooled=pooled)
    whole = [sum(one.given[place] for one in given_by) for place in (0, 1)]

    assert sum(one.beyond for one in found) == whole[0] - Fraction(share * sum(whole), 100)
    assert [sum(one.given[place] for one in found) for place in (0, 1)] == whole
    assert sorted(map(str, (key for one in found for key in one.keys))) == sorted(str(one.key) for one in given_by)
    if pooled and sum(whole) >= FEWEST:
        assert all(sum(one.given) >= FEWEST for one in found)
    if not pooled:
        assert [one.keys[0] for one in found] == [
            one.key for one in sorted(given_by, key=lambda one: (one.key is None, one.key or ""))
        ]
