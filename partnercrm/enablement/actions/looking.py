"""Looking at where colleagues stand, which each of them reads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from partnercrm.activity.actions import note_look
from partnercrm.enablement.queries import standing
from partnercrm.enablement.queries.standing import PersonStanding
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor


def look_at_people(actor: Actor, partnership_id: UUID, at: datetime | None = None) -> Sequence[PersonStanding]:
    """Return where colleagues stand; that the actor looked is noted for each. Raises NotFound, FiguresArePrivate."""
    found = standing.colleagues_standing(actor, partnership_id, at)
    for one in found:
        if one.user_id != actor.user_id:
            note_look(actor, identity.user(actor, one.user_id), "figures")
    return found
