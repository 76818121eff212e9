"""Value bands: how large a lead is, told without telling the figure."""

from enum import StrEnum
from typing import Final

from partnercrm.kernel import money


class ValueBand(StrEnum):
    """Bands in whole units of the lead's own currency; each begins where the one before ends."""

    UNDER_10K = "under_10k"
    FROM_10K = "10k_50k"
    FROM_50K = "50k_250k"
    FROM_250K = "250k_1m"
    OVER_1M = "over_1m"


_LIMITS: Final = (
    (10_000, ValueBand.UNDER_10K),
    (50_000, ValueBand.FROM_10K),
    (250_000, ValueBand.FROM_50K),
    (1_000_000, ValueBand.FROM_250K),
)


def band(minor: int, currency: str) -> ValueBand:
    """Return the band of an amount in minor units: 10 000.00 EUR begins `10k_50k`."""
    unit = 10 ** money.exponent(currency)
    return next((name for limit, name in _LIMITS if minor < limit * unit), ValueBand.OVER_1M)
