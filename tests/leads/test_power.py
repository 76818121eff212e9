"""How often an imbalance is found: the published table, and its figures against drawing."""

from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.commands import cli
from partnercrm.leads.clusters import singles
from partnercrm.leads.power import chances, found
from partnercrm.leads.verdict import FEWEST, Band, judged
from partnercrm.settings import ROOT

EVEN = Band.agreed(50, 10)


def test_the_published_table_is_what_the_code_computes() -> None:
    assert CliRunner().invoke(cli, ["power"]).output == (ROOT / "docs" / "power.md").read_text()


@pytest.mark.parametrize(("number", "share"), [(20, 0.9), (40, 0.7), (80, 0.75)])
def test_as_many_windows_name_the_side_as_the_table_says(number: int, share: float) -> None:
    random, windows = Random(5), 2000
    named = 0
    for _ in range(windows):
        first = sum(random.random() < share for _ in range(number))
        named += judged(singles(first, number - first), EVEN).ahead == 0

    assert named / windows == pytest.approx(found(number, EVEN, share), abs=0.04)


@given(st.integers(0, 300), st.integers(1, 95), st.integers(0, 49))
def test_more_imbalance_is_found_more_often_and_too_few_leads_find_none(number: int, share: int, points: int) -> None:
    band = Band.agreed(share, points)
    by_truth = [found(number, band, truth / 100) for truth in range(0, 101, 10)]

    assert by_truth == sorted(by_truth)
    assert all(0 <= chance <= 1 for chance in by_truth)
    assert number >= FEWEST or max(by_truth) == 0


@pytest.mark.parametrize(
    ("share", "points", "asked"),
    [
        (50, 10, [(0, 70), (1, 70)]),
        (50, 0, [(0, 60), (1, 60)]),
        (50, 22, [(0, 94), (1, 94)]),
        (50, 23, []),
        (70, 15, [(1, 60)]),
        (30, 10, [(0, 50), (1, 90)]),
    ],
)
def test_the_shares_asked_about_lie_as_far_beyond_the_band_as_it_reaches(
    share: int, points: int, asked: list[tuple[int, int]]
) -> None:
    found_by_side = chances(400, share, points)

    assert [(chance.place, chance.percent) for chance in found_by_side] == asked
    assert all(chance.found > 0.8 for chance in found_by_side)
