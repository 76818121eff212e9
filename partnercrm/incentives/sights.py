"""What incentives know of a person, and the query that grants it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight
from partnercrm.incentives.queries import divisions
from partnercrm.kernel.actor import Actor


def _has_part(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {
            "organization_id": person.organization_id,
            "user_id": person.user_id,
            "partnership_id": partnership_id,
        }
    return None


SIGHTS: Final = (
    Sight(
        "deal_shares",
        _("Which part of your side's share of a deal is yours"),
        ("read_division", "divide_share"),
        divisions.split_participants_seen_by,
        _has_part,
        ("ParticipantShape.user_id",),
        apart=_("Your partner reads nothing of it, not even whether there is anything."),
    ),
)
