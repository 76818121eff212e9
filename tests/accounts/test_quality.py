"""What is taken for one company is one, on lists nobody fitted anything to; real ones where a setting names them."""

import pytest

from benchmarks.matching import labelled
from benchmarks.matching.generated import generated
from benchmarks.matching.lists import Labelled
from benchmarks.matching.ours import partnercrm
from benchmarks.matching.proving import LIKELY
from benchmarks.matching.quality import Quality, best_single_threshold, calibration_error, quality
from partnercrm.accounts.calibration import MILLION
from partnercrm.accounts.matching import MATCH

LISTS = generated("small", 800, seed=23)


def require_good(lists: Labelled, f1: float) -> None:
    found = partnercrm(lists)
    matched = quality(found, lists.truth, MATCH / MILLION)

    assert matched.precision >= 0.985
    assert matched.recall >= 0.5
    assert quality(found, lists.truth, LIKELY).f1 >= f1
    assert calibration_error(found, lists.truth) <= 0.08


def test_generated_lists_are_matched_well() -> None:
    require_good(LISTS, 0.85)


def test_listed_companies_are_matched_well() -> None:
    if labelled.LISTINGS in labelled.missing():
        pytest.skip(f"NOT TRIED ON REAL COMPANIES: {labelled.FOLDER} names no folder that holds {labelled.LISTINGS}")
    require_good(labelled.listings(), 0.92)


def test_the_generated_world_is_the_same_each_time() -> None:
    again = generated("small", 800, seed=23)

    assert (again.left, again.right, again.truth) == (LISTS.left, LISTS.right, LISTS.truth)
    assert generated("small", 800, seed=24).left != LISTS.left


def test_quality_is_counted() -> None:
    one, other, third = [(LISTS.left[0].id, LISTS.right[place].id) for place in range(3)]
    found = {one: 0.9, other: 0.6, third: 0.2}
    truth = frozenset({one, third})

    assert quality(found, truth, 0.5) == Quality(0.5, 0.5)
    assert quality(found, truth, 0.5).f1 == 0.5
    assert quality(found, truth, 0.95) == Quality(1.0, 0.0)
    assert best_single_threshold([(found, truth)], (0.1, 0.5, 0.7)) == 0.1
    assert calibration_error(found, truth) == pytest.approx((0.1 + 0.6 + 0.8) / 3)
