"""When a search for the cause begins and ends: pure."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnercrm.leads.clusters import Clusters, merged, singles
from partnercrm.leads.drift import Change, Reading, Signal, Standing, Yardstick, following, signal
from partnercrm.leads.intervals import interval
from partnercrm.leads.verdict import Band, Judgement, Verdict, judged, running
from partnercrm.leads.windows import ended_before, running_in
from partnercrm.partnerships.measures import Measure

EVEN = Yardstick(50, 10, Measure.ACCEPTED, 6)
AHEAD = Judgement(Verdict.AHEAD, None, ahead=0)
OUT = Reading(EVEN, singles(30, 5), AHEAD)
BACK = Reading(EVEN, singles(11, 10), None)
FEW = Reading(EVEN, singles(1, 1), None)
OUTSIDE = Standing(EVEN, is_outside=True)


def read(*readings: Reading, is_settled: bool = False) -> list[Change | None]:
    """Return what each reading brings about, in their order."""
    standing, changes = None, []
    for reading in readings:
        standing, change = following(standing, reading, is_settled=is_settled)
        changes.append(change)
    return changes


@pytest.mark.parametrize(
    ("clusters", "said"),
    [
        (singles(10, 10), Signal.BACK),
        (singles(11, 9), Signal.BACK),
        (singles(112, 88), Signal.UNCLEAR),
        (singles(3, 2), Signal.UNCLEAR),
        ({}, Signal.UNCLEAR),
    ],
)
def test_back_is_within_half_the_tolerance_and_of_enough_leads(clusters: Clusters, said: Signal) -> None:
    assert signal(Reading(EVEN, clusters, None)) is said
    assert signal(Reading(EVEN, clusters, AHEAD)) is Signal.LEFT


def test_it_opens_once_and_closes_when_the_estimate_is_back_twice_in_a_row() -> None:
    assert read(FEW, OUT, OUT, BACK, FEW, BACK, OUT, BACK, BACK, BACK) == [
        *(None, Change.OPENS, None, None, None, None, None, None, Change.CLOSES, None)
    ]


def test_what_both_closed_is_opened_again_by_another_windows_verdict_alone() -> None:
    settled = following(OUTSIDE, OUT, is_settled=True)

    assert settled == (OUTSIDE, None)
    assert following(OUTSIDE, OUT._replace(is_final=True), is_settled=True)[1] is Change.OPENS
    assert following(OUTSIDE, OUT._replace(is_final=True), is_settled=False)[1] is None
    assert following(OUTSIDE._replace(backs=1), BACK, is_settled=True) == (Standing(EVEN), None)


@pytest.mark.parametrize("reading", [OUT, BACK, FEW])
def test_it_lapses_where_something_else_was_agreed(reading: Reading) -> None:
    wider = EVEN._replace(tolerance_points=20)
    found = reading._replace(yardstick=wider)

    assert following(OUTSIDE, found, is_settled=False) == (Standing(wider), Change.LAPSES)
    assert following(Standing(EVEN), BACK._replace(yardstick=wider), is_settled=False) == (Standing(wider), None)


def monthly(months: Sequence[tuple[int, int]], length: int | None) -> list[Reading]:
    """Return what is read at the end of each month of an exchange, as the verdicts of windows have it."""
    band, by_month = (
        Band.agreed(50, 10),
        {f"{2020 + n // 12}-{n % 12 + 1:02}": singles(*m) for n, m in enumerate(months)},
    )
    names, readings = [*by_month, f"{2020 + len(months) // 12}-{len(months) % 12 + 1:02}"], []
    for number in range(1, len(names)):
        ended = ended_before(names[number], names[0], length)
        is_final = ended is not None and ended.last == names[number - 1]
        window = ended if ended and is_final else running_in(names[number], names[0], length)
        inside = [by_month[name] for name in names[:number] if window.holds(name)]
        said = judged(merged(inside), band) if is_final else running(inside, band).spoken
        readings.append(Reading(EVEN._replace(window_months=length), merged(inside), said, is_final))
    return readings


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40),
    st.sampled_from([1, 3, 6, 12, None]),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
@example([(12, 0)] * 3 + [(0, 12)] * 4 + [(12, 0)] * 4, 3, [False] * 40)
def test_nothing_flickers(months: list[tuple[int, int]], length: int | None, settled: list[bool]) -> None:
    """At most one is open; each begins with evidence and ends well inside; never two changes with nothing between."""
    standing, is_open, evidence = None, False, 0
    for reading, settles in zip(monthly(months, length), settled, strict=False):
        said = signal(reading)
        evidence = evidence + 1 if said is Signal.BACK else 0
        is_open = is_open and not settles
        standing, change = following(standing, reading, is_settled=not is_open)
        if change is Change.OPENS:
            found = interval(reading.clusters)
            assert not is_open
            assert reading.judgement is not None
            assert found is not None
            assert found.low > 0.6 or found.high < 0.4
            is_open = True
        elif change is not None:
            assert (change, is_open) == (Change.CLOSES, True)
            assert evidence >= 2
            is_open = False
        assert standing.is_outside or not is_open
