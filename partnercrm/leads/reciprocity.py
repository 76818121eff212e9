"""Reciprocity: how an exchange of leads stands, from counts alone. Exact: integers and fractions, never floats.

The balance is the intra-industry trade index of Grubel and Lloyd (1975), `1 − |G − R| / (G + R)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from partnercrm.partnerships.measures import Measure


@dataclass(frozen=True, slots=True)
class Exchange:
    """Leads given by the first and by the second organization."""

    first: int
    second: int

    @property
    def share_first(self) -> Fraction | None:
        """The first organization's share of all given, in [0, 1]; None when nothing was given."""
        return _ratio(self.first, self.first + self.second)

    @property
    def balance(self) -> Fraction | None:
        """Grubel–Lloyd: 1 when both gave the same, 0 when only one gave; None when nothing was given."""
        net = self.net
        return None if net is None else 1 - abs(net)

    @property
    def net(self) -> Fraction | None:
        """`(G − R) / (G + R)` in [−1, 1], seen from the first organization; None when nothing was given."""
        return _ratio(self.first - self.second, self.first + self.second)

    @property
    def ratio(self) -> Fraction | None:
        """`G / R`, seen from the first organization; None when the second gave nothing."""
        return _ratio(self.first, self.second)


def exchanges(first: Mapping[str, int], second: Mapping[str, int]) -> dict[Measure, Exchange]:
    """Return the exchange by each measure from each side's counts of steps (missing counts are 0)."""
    return {measure: Exchange(first.get(measure, 0), second.get(measure, 0)) for measure in Measure}


def window_begins(as_of: datetime, months: int | None) -> str | None:
    """Return the first month, `YYYY-MM`, of a window of whole months that ends with that of `as_of` (UTC).

    None stays None: from the beginning.
    """
    if months is None:
        return None
    year, month = divmod(as_of.year * 12 + as_of.month - months, 12)
    return f"{year:04}-{month + 1:02}"


def written(value: Fraction | None, digits: int) -> str | None:
    """Write an exact value as a decimal string with `digits` decimals, half to even; None stays None."""
    if value is None:
        return None
    scaled = value * 10**digits
    floor, rest = divmod(scaled.numerator, scaled.denominator)
    double = 2 * rest
    up = double > scaled.denominator or (double == scaled.denominator and floor % 2 == 1)
    return str(Decimal(floor + up).scaleb(-digits).quantize(_QUANTA[digits], ROUND_HALF_EVEN))


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


_QUANTA: Final = {digits: Decimal(1).scaleb(-digits) for digits in range(7)}
