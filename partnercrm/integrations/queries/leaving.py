"""Reading which of a leaver's imports are under way, for who administrates accounts."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor

_OVER: Final = (ImportState.APPLIED, ImportState.CANCELLED, ImportState.UNDONE)


def imports_under_way(actor: Actor, user_id: UUID, *, lock: bool = False) -> Sequence[FileImport]:
    """Return one person's imports that are not entered, cancelled or undone; `lock` them to hand them over."""
    rows = select(FileImport).where(
        FileImport.organization_id == actor.organization_id,
        FileImport.user_id == user_id,
        FileImport.state.not_in(_OVER),
    )
    return db.session().scalars(rows.order_by(FileImport.id).with_for_update() if lock else rows).all()
