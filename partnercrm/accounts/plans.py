"""What a plan for a joint account is made of."""

from enum import StrEnum
from typing import Final

MOST_ITEMS: Final = 200
MOST_PEOPLE: Final = 20


class ItemKind(StrEnum):
    """What stands in a plan: who at the customer decides, what both play, what is done next."""

    STAKEHOLDER = "stakeholder"
    PLAY = "play"
    NEXT_STEP = "next_step"


class Stance(StrEnum):
    """How somebody at the customer, known by their role alone, stands towards what both offer."""

    SUPPORTS = "supports"
    NEUTRAL = "neutral"
    AGAINST = "against"
    UNKNOWN = "unknown"
