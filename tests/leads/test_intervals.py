"""Intervals of shares: against scipy, against drawing with numpy, and what both sides may rely on."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from partnercrm.leads import intervals
from partnercrm.leads.clusters import Cluster, Clusters, effective, leads, merged, mirrored, singles
from partnercrm.leads.intervals import MISSES, REDRAWN, Interval, bootstrap, interval, jeffreys

kinds = st.builds(Cluster, st.integers(0, 1), st.integers(1, 12))
some_clusters = st.dictionaries(kinds, st.integers(1, 12), min_size=1, max_size=8)


def drawn_by_numpy(clusters: Clusters, draws: int = 20_000) -> Interval:
    """Draw clusters anew, with another generator and another way of counting."""
    sizes = np.array([[size * (place == 0), size] for (place, size), n in clusters.items() for _ in range(n)])
    picked = np.random.default_rng(7).integers(0, len(sizes), (draws, len(sizes)))
    sums = sizes[picked].sum(axis=1)
    return Interval(*np.quantile(sums[:, 0] / sums[:, 1], [MISSES / 2, 1 - MISSES / 2]))


@given(st.integers(0, 300), st.integers(0, 300))
def test_jeffreys_interval_has_the_quantiles_of_scipy(first: int, second: int) -> None:
    assume(first + second)
    found = jeffreys(first / (first + second), first + second)

    expected = stats.beta(first + 0.5, second + 0.5).ppf([MISSES / 2, 1 - MISSES / 2])
    assert found.low == pytest.approx(expected[0] if first else 0, abs=1e-9)
    assert found.high == pytest.approx(expected[1] if second else 1, abs=1e-9)


def test_more_than_a_million_leads_tell_no_more_than_a_million() -> None:
    assert jeffreys(0.25, 10**12) == jeffreys(0.25, 10**6)


@pytest.mark.parametrize(
    "clusters",
    [
        singles(12, 28),
        {Cluster(0, 5): 20, Cluster(1, 5): 20},
        {Cluster(0, 5): 6, Cluster(0, 1): 10, Cluster(1, 1): 40},
        {Cluster(0, 2): 100, Cluster(1, 1): 100, Cluster(1, 9): 10},
        {Cluster(0, 2): 300, Cluster(1, 1): 200, Cluster(1, 3): 100},
    ],
)
def test_the_bootstrap_is_what_drawing_clusters_gives(clusters: Clusters) -> None:
    found, expected = bootstrap(clusters), drawn_by_numpy(clusters)

    assert found.low == pytest.approx(expected.low, abs=0.025)
    assert found.high == pytest.approx(expected.high, abs=0.025)


def test_beyond_what_is_drawn_the_limit_goes_on_where_drawing_ended() -> None:
    most = {Cluster(0, 1): REDRAWN // 2, Cluster(1, 3): REDRAWN - REDRAWN // 2}
    more = most | {Cluster(1, 3): most[Cluster(1, 3)] + 1}

    assert bootstrap(most) == pytest.approx(bootstrap(more), abs=0.01)
    assert bootstrap({Cluster(0, 1): 10**9, Cluster(1, 2): 10**9}) == pytest.approx((1 / 3, 1 / 3), abs=1e-4)


def test_what_one_side_alone_gave_reaches_its_end_and_not_beyond() -> None:
    few, many = {Cluster(0, 1): 3, Cluster(0, 2): 2}, {Cluster(0, 1): 10**6, Cluster(0, 2): 1}

    assert bootstrap(few) == bootstrap(many) == (1, 1)
    assert interval(few) == jeffreys(1, effective(few))
    assert interval({}) is None


@settings(max_examples=30)
@given(some_clusters, st.randoms(use_true_random=False))
def test_the_order_in_which_leads_are_told_changes_nothing(clusters: Clusters, random: object) -> None:
    pairs = list(clusters.items())
    random.shuffle(pairs)  # type: ignore[attr-defined]
    intervals._interval.cache_clear()
    found = interval(clusters)
    intervals._interval.cache_clear()

    assert interval(dict(pairs)) == found


@settings(max_examples=30)
@given(some_clusters)
def test_exchanging_the_sides_mirrors_the_interval(clusters: Clusters) -> None:
    one, other = interval(clusters), interval(mirrored(clusters))

    assert one is not None
    assert other == pytest.approx(one.mirrored(), abs=1e-9)


@settings(max_examples=30)
@given(some_clusters)
def test_an_even_exchange_has_an_interval_around_the_half(clusters: Clusters) -> None:
    found = interval(merged([clusters, mirrored(clusters)]))

    assert found is not None
    assert found.low + found.high == pytest.approx(1, abs=1e-9)


@settings(max_examples=30)
@given(some_clusters)
def test_the_interval_holds_the_share_and_both_of_its_parts(clusters: Clusters) -> None:
    given_leads = leads(clusters)
    share = given_leads.first / sum(given_leads)
    found = interval(clusters)

    assert found is not None
    assert 0 <= found.low <= share <= found.high <= 1
    assert found.hull(bootstrap(clusters)) == found
    assert found.hull(jeffreys(share, effective(clusters))) == found


@given(some_clusters)
def test_the_effective_number_is_between_the_clusters_and_their_leads(clusters: Clusters) -> None:
    each = Counter({size: 0 for _, size in clusters})
    for (_, size), count in clusters.items():
        each[size] += count
    total, number = sum(size * count for size, count in each.items()), sum(each.values())

    assert effective(clusters) <= number + 1e-9
    assert effective(singles(number, 0)) == number
    assert total / max(each) <= effective(clusters) + 1e-9


def test_leads_in_batches_tell_less_than_leads_one_by_one() -> None:
    one_by_one, in_batches = interval(singles(60, 40)), interval({Cluster(0, 5): 12, Cluster(1, 5): 8})

    assert one_by_one is not None
    assert in_batches is not None
    assert in_batches.low < one_by_one.low
    assert one_by_one.high < in_batches.high
