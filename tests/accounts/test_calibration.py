"""Scores become probabilities that keep their word, and learn from what people say."""

from math import exp, log1p
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.calibration import DEFAULT, MILLION, Calibration, Outcome, recalibrated

scores = st.integers(-40_000, 40_000)
outcomes = st.lists(st.builds(Outcome, scores, st.booleans()), max_size=60)


def loss(calibration: Calibration, found: list[Outcome]) -> float:
    odds = [(calibration.offset + calibration.slope * one.score / 1000) / 1000 for one in found]
    return sum(log1p(exp(-one if said.confirmed else one)) for one, said in zip(odds, found, strict=True))


@given(scores, scores)
def test_a_higher_score_never_means_less(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert 0 <= DEFAULT.millionths(low) <= DEFAULT.millionths(high) <= MILLION


@given(st.integers(1, MILLION - 1), st.integers(300, 3000), st.integers(-5000, 5000))
def test_the_least_score_of_a_probability_is_that(millionths: int, slope: int, offset: int) -> None:
    calibration = Calibration(slope, offset)
    least = calibration.score(millionths)

    assert calibration.millionths(least) >= millionths - 1
    assert calibration.millionths(least - 5) <= millionths


@given(outcomes, st.randoms(use_true_random=False))
def test_the_order_of_outcomes_does_not_matter(found: list[Outcome], chance: Random) -> None:
    shuffled = chance.sample(found, len(found))

    assert recalibrated(DEFAULT, shuffled) == recalibrated(DEFAULT, found)


def test_without_outcomes_nothing_changes() -> None:
    assert recalibrated(DEFAULT, []) is DEFAULT


@given(outcomes)
def test_what_was_said_is_never_less_likely_afterwards(found: list[Outcome]) -> None:
    learned = recalibrated(DEFAULT, found)

    assert loss(learned, found) <= loss(DEFAULT, found) + 0.01 * len(found)


@given(st.integers(-5_000, 20_000), st.integers(1, 50))
def test_rejections_make_what_was_rejected_less_probable(score: int, times: int) -> None:
    learned = recalibrated(DEFAULT, [Outcome(score, confirmed=False)] * times)

    assert learned.millionths(score) <= DEFAULT.millionths(score)


def test_many_outcomes_overrule_what_was_thought() -> None:
    """At the score 2.0, thought to be 88 %, one in four is confirmed; at 6.0 nine in ten."""
    said = [Outcome(2000, number % 4 == 0) for number in range(4000)]
    said += [Outcome(6000, number % 10 != 0) for number in range(4000)]

    learned = recalibrated(Calibration(1000, 0), said)

    assert learned.millionths(2000) == pytest.approx(250_000, abs=30_000)
    assert learned.millionths(6000) == pytest.approx(900_000, abs=30_000)


def test_a_few_rejections_move_little() -> None:
    learned = recalibrated(Calibration(1000, 0), [Outcome(5000, confirmed=False)] * 3)

    assert 0 <= Calibration(1000, 0).millionths(5000) - learned.millionths(5000) < 60_000
