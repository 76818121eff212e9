"""What an amount comes to in another currency, through the euro, by the rates of a day. Exact: no floats."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from partnercrm.kernel import money
from partnercrm.kernel.money import Money

BASE: Final = "EUR"
MOST_DAYS: Final = 7


class Quote(NamedTuple):
    """Units of a currency for one euro, and the day they are of."""

    currency: str
    on_day: date
    rate: Decimal


class Table:
    """Rates by currency and day; a day without one takes the last before it, at most seven days back."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        found: dict[str, list[Quote]] = defaultdict(list)
        for quote in quotes:
            found[quote.currency].append(quote)
        self._quotes = {currency: sorted(those, key=lambda one: one.on_day) for currency, those in found.items()}

    def quote(self, currency: str, on_day: date) -> Quote | None:
        """Return the rate that holds on a day; None where there is none. The euro's is 1 on every day."""
        if currency == BASE:
            return Quote(BASE, on_day, Decimal(1))
        quotes = self._quotes.get(currency, [])
        place = bisect_right(quotes, on_day, key=lambda one: one.on_day)
        latest = quotes[place - 1] if place else None
        return latest if latest and on_day - latest.on_day <= timedelta(days=MOST_DAYS) else None

    def converted(self, amount: Money, currency: str, on_day: date) -> Money | None:
        """Return what an amount comes to in a currency on a day, in whole minor units, half to even.

        None where one of the two rates is missing. Nothing is rounded on the way through the euro.
        """
        if amount.currency == currency:
            return amount
        of, to = self.quote(amount.currency, on_day), self.quote(currency, on_day)
        if of is None or to is None:
            return None
        units = Fraction(10) ** (money.exponent(currency) - money.exponent(amount.currency))
        # round() of a fraction goes to the nearest integer, halves to the even one.
        return Money(round(amount.minor * units * Fraction(to.rate) / Fraction(of.rate)), currency)
