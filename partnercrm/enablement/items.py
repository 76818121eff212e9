"""What a programme is made of: kinds of items, what becomes of a person at one, and how a gate is set."""

from enum import StrEnum
from typing import Final

from partnercrm.identity.scopes import Role

MOST_ITEMS: Final = 100
"""The most items a side's programme for one partnership can hold, put away ones included."""


class ItemKind(StrEnum):
    """How somebody comes to know an item."""

    ACKNOWLEDGE = "acknowledge"
    COURSE = "course"
    CERTIFICATE = "certificate"
    LIVE_SESSION = "live_session"


class Outcome(StrEnum):
    """What happened between a person and an item."""

    OPENED = "opened"
    FAILED = "failed"
    PASSED = "passed"
    REVOKED = "revoked"


class Gated(StrEnum):
    """What a programme can be asked for."""

    REGISTERING = "registering"
    RECEIVING = "receiving"


class Taught(StrEnum):
    """Whom an item can be for: who sells, manages or decides; administrators and programs are taught nothing here."""

    SELLER = Role.SELLER.value
    PARTNER_MANAGER = Role.PARTNER_MANAGER.value
    EXECUTIVE = Role.EXECUTIVE.value


class GateMode(StrEnum):
    """What a gate does to who is not enabled."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"
