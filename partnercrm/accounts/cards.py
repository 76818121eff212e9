"""What a card's link says, and for how long: pure."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

LIVES: Final = timedelta(minutes=5)


class CardLink(NamedTuple):
    """One account, as one seller reads it, asked for with one token, until a moment."""

    organization_id: UUID
    seller_id: UUID
    account_id: UUID
    token_id: UUID
    partnerships: str
    expires_at: datetime

    def written(self) -> list[Any]:
        """Return the link as it is signed."""
        ids = (self.organization_id, self.seller_id, self.account_id, self.token_id)
        return [*(one.hex for one in ids), self.partnerships, int(self.expires_at.timestamp())]


def read(written: Any) -> CardLink:
    """Return a link from how it was signed. ValueError or TypeError for anything else."""
    *ids, partnerships, expires_at = written
    organization_id, seller_id, account_id, token_id = (UUID(one) for one in ids)
    until = datetime.fromtimestamp(expires_at, UTC)
    return CardLink(organization_id, seller_id, account_id, token_id, str(partnerships), until)


def joined(partnership_ids: Iterable[UUID]) -> str:
    """Return what stands for a seller's partnerships, so that a link dies when they are others."""
    told = " ".join(sorted(one.hex for one in partnership_ids))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
