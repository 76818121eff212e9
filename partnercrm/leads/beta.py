"""The beta and binomial distributions in plain arithmetic: what intervals of shares are made of."""

from math import exp, lgamma, log, log1p
from typing import Final

_TINY: Final = 1e-300
_CLOSE: Final = 1e-15
_HALVINGS: Final = 60


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the probability that a beta variable with parameters `a`, `b` > 0 is at most `x` in [0, 1].

    The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), from the side on which it
    converges in about `sqrt(max(a, b))` steps.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the `x` whose `beta_cdf` is `probability`, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return the probability of at most `k` successes in `n` trials of probability `p`."""
    if k < 0:
        return 0.0
    if k >= n:
        return 1.0
    return beta_cdf(1 - p, n - k, k + 1)


def binomial_quantile(probability: float, n: int, p: float) -> int:
    """Return the smallest `k` whose `binomial_cdf` is at least `probability`."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if binomial_cdf(middle, n, p) < probability:
            low = middle + 1
        else:
            high = middle
    return low


def _fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction by Lentz's method as Thompson and Barnett (1986) mended it."""
    c, d = 1.0, 1 / _safe(1 - (a + b) * x / (a + 1))
    value, step, change = d, 0, 0.0
    while abs(change - 1) > _CLOSE:
        step += 1
        twice = 2 * step
        even = step * (b - step) * x / ((a + twice - 1) * (a + twice))
        odd = -(a + step) * (a + b + step) * x / ((a + twice) * (a + twice + 1))
        change = 1.0
        for term in (even, odd):
            d, c = 1 / _safe(1 + term * d), _safe(1 + term / c)
            change *= d * c
        value *= change
    return value


def _safe(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
