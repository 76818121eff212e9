"""What kinds of partnership there are. Pure: the one vocabulary for what is claimed and what is shown."""

from enum import StrEnum


class PartnershipKind(StrEnum):
    """What kind of partnership both sides say they have."""

    REFERRAL = "referral"
    CO_SELL = "co_sell"
    RESELL = "resell"
    TECHNOLOGY = "technology"
    SERVICES = "services"
    STRATEGIC = "strategic"
