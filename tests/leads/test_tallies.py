"""What months and sides gave, summed from tallies, against sums taken one by one."""

from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel.money import Money
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.tallies import NOTHING, Given, Tally, by_month, summed
from partnercrm.partnerships.measures import Measure

SIDES = (uuid4(), uuid4())


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    step = draw(st.sampled_from(OfferStatus))
    month = draw(st.sampled_from(["2025-12", "2026-01", "2026-02"]))
    giver_id = draw(st.sampled_from(SIDES))
    count = draw(st.integers(1, 50))
    if step is not OfferStatus.WON:
        repeated = draw(st.integers(0, count)) if step is OfferStatus.QUALIFIED else 0
        return Tally(month, giver_id, step, None, count, 0, 0, repeated)
    exact = draw(st.integers(0, count))
    minor = draw(st.integers(0, 10**18)) if exact else 0
    return Tally(month, giver_id, step, draw(st.sampled_from(["EUR", "JPY", "KWD"])), count, exact, minor)


def added(parts: list[Given]) -> tuple[Counter[str], Counter[str], int]:
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for part in parts:
        counts.update(part.counts)
        sums.update({one.currency: one.minor for one in part.won_values})
    return counts, sums, sum(part.won_in_bands for part in parts)


@given(st.lists(tallies(), max_size=30))
def test_months_sum_to_the_whole_in_counts_values_and_bands(all_of_them: list[Tally]) -> None:
    months = by_month(all_of_them, SIDES)

    for place, side in enumerate(SIDES):
        of_side = [one for one in all_of_them if one.giver_id == side]
        whole = summed(of_side)
        assert added([by_side[place] for by_side in months.values()]) == added([whole])
        for step in OfferStatus:
            assert whole.counts[step] == sum(one.steps for one in of_side if one.step is step)
        for measure in Measure:
            assert whole.measured(measure) == sum(one.counting for one in of_side if one.step.value == measure.value)
        for currency in ("EUR", "JPY", "KWD"):
            told = [one for one in of_side if one.currency == currency and one.exact]
            values = [value for value in whole.won_values if value.currency == currency]
            assert values == ([Money(sum(one.minor for one in told), currency)] if told else [])
        assert whole.won_in_bands == sum(one.steps - one.exact for one in of_side if one.step is OfferStatus.WON)
    assert list(months) == sorted({one.month for one in all_of_them})


def test_a_side_that_gave_nothing_in_a_month_counts_nothing() -> None:
    other: UUID = SIDES[1]
    months = by_month([Tally("2026-01", other, OfferStatus.OFFERED, None, 4, 0, 0)], SIDES)

    assert months["2026-01"][0] == NOTHING
    assert set(NOTHING.counts.values()) == {0}
    assert (NOTHING.won_values, NOTHING.won_in_bands) == ([], 0)
