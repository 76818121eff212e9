"""The beta and binomial distributions against scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from partnercrm.leads.beta import beta_cdf, beta_quantile, binomial_cdf, binomial_quantile

shapes = st.floats(0.5, 10_000)
chances = st.floats(0, 1)


@given(chances, shapes, shapes)
def test_the_distribution_is_that_of_scipy(x: float, a: float, b: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


@pytest.mark.parametrize("a", [0.5, 1, 3.5, 1_000_000.5])
@pytest.mark.parametrize("b", [0.5, 40.5, 250_000])
def test_quantiles_are_those_of_scipy_up_to_millions(a: float, b: float) -> None:
    for probability in (0.0125, 0.5, 0.9875):
        expected = stats.beta.ppf(probability, a, b)

        assert beta_quantile(probability, a, b) == pytest.approx(expected, abs=1e-8)


def test_outside_of_its_range_a_share_has_no_chance_or_every() -> None:
    assert (beta_cdf(-0.1, 2, 3), beta_cdf(0, 2, 3), beta_cdf(1, 2, 3), beta_cdf(1.1, 2, 3)) == (0, 0, 1, 1)


@given(st.integers(1, 400), chances, st.integers(-1, 401))
def test_the_binomial_distribution_is_that_of_scipy(n: int, p: float, k: int) -> None:
    assert binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-9)


def test_fewer_than_none_is_impossible_and_at_most_all_is_certain() -> None:
    assert (binomial_cdf(-1, 5, 0.4), binomial_cdf(5, 5, 0.4), binomial_cdf(0, 5, 0), binomial_cdf(4, 5, 1)) == (
        0,
        1,
        1,
        0,
    )


@given(st.integers(1, 400), st.integers(0, 400), st.sampled_from([0.0125, 0.3, 0.9875]))
def test_a_binomial_quantile_is_the_first_count_that_reaches_it(n: int, successes: int, probability: float) -> None:
    p = min(successes, n) / n

    found = binomial_quantile(probability, n, p)

    assert stats.binom.cdf(found, n, p) >= probability - 1e-9
    assert found == 0 or stats.binom.cdf(found - 1, n, p) < probability + 1e-9
