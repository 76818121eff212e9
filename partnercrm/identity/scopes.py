"""What each role may do: the one table from roles to scopes."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is in their organization."""

    SELLER = "seller"
    PARTNER_MANAGER = "partner_manager"
    EXECUTIVE = "executive"
    ADMIN = "admin"
    INTEGRATION = "integration"


_LOOKING: Final = frozenset(
    {"partnerships:read", "accounts:read", "enablement:read", "leads:read", "deals:read", "reports:read", "cases:read"}
    | {"incentives:read"}
)
_EVERYONE: Final = frozenset({"identity:read", "notices:read", "notices:write", "tokens:write", "calendars:write"})

SCOPES: Final[dict[Role, frozenset[str]]] = {
    Role.SELLER: _EVERYONE
    | _LOOKING
    | {"accounts:write", "enablement:write", "leads:write", "deals:write", "cases:write"},
    Role.PARTNER_MANAGER: _EVERYONE
    | _LOOKING
    | {"accounts:write", "enablement:write", "enablement:all", "leads:write", "leads:all"}
    | {"deals:write", "deals:review", "partnerships:write", "cases:write"}
    | {"incentives:agree", "incentives:write", "incentives:record", "incentives:pay"},
    Role.EXECUTIVE: _EVERYONE | _LOOKING | {"enablement:write", "leads:all", "cases:write", "incentives:pay"},
    Role.ADMIN: _EVERYONE | {"identity:write", "activity:read", "partnerships:read", "partnerships:write"},
    Role.INTEGRATION: _EVERYONE
    | _LOOKING
    | {"accounts:write", "enablement:all", "leads:write", "leads:all", "deals:write", "incentives:record"},
}
ALL_SCOPES: Final = frozenset().union(*SCOPES.values())


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """Return everything the roles allow together. ValueError for an unknown role."""
    return frozenset().union(*(SCOPES[Role(role)] for role in roles))
