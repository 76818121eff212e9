"""Made-up exchange rates for the demo's months: plausible levels that wander a little from day to day."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from partnercrm.kernel import clock, db
from partnercrm.rates.actions import enter_rates
from partnercrm.rates.conversion import Quote

SEED: Final = 11
DAYS: Final = 460
LEVELS: Final = {"USD": "1.0850", "GBP": "0.8550", "CHF": "0.9520", "SEK": "11.3200", "JPY": "161.50"}


def enter() -> None:
    """Enter the rates of the demo's months, as the role that may. Needs an application context, no transaction."""
    today = clock.now().date()
    with db.transaction(None):
        enter_rates(list(wandering(today)))


def wandering(until: date) -> Iterator[Quote]:
    """Yield a rate for each currency and working day up to `until`; the same for the same day."""
    random = Random(SEED)
    for currency, level in LEVELS.items():
        step = Decimal(level).scaleb(-3)
        rate, place = Decimal(level), Decimal(level)
        for day in (until - timedelta(days=ago) for ago in range(DAYS, -1, -1)):
            if day.weekday() < 5:
                # A third of the way back to the usual level, and up to four steps anywhere.
                rate += (place - rate) / 3 + step * random.randint(-4, 4)
                yield Quote(currency, day, rate.quantize(place))
