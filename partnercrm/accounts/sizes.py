"""How large a company is, in the bands in which sizes are told."""

from enum import StrEnum


class SizeBand(StrEnum):
    """How many people a company employs."""

    UNDER_10 = "1-9"
    FROM_10 = "10-49"
    FROM_50 = "50-249"
    FROM_250 = "250-999"
    OVER_1000 = "1000+"
