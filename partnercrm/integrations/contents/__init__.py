"""The kinds of things files bring in."""

from collections.abc import Mapping
from typing import Final

from partnercrm.integrations.contents.accounts import ACCOUNTS
from partnercrm.integrations.contents.kind import ImportKind, Kind
from partnercrm.integrations.contents.leads import LEADS

__all__ = ["ACCOUNTS", "ANY_KIND", "KINDS", "LEADS", "ImportKind", "Kind"]

KINDS: Final[Mapping[ImportKind, Kind]] = {kind.name: kind for kind in (LEADS, ACCOUNTS)}
ANY_KIND: Final = tuple(kind.scope for kind in KINDS.values())
"""The scopes any one of which leads to imports; each import asks for its own kind's."""
