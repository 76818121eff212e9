"""What notices know of a person, and the query that grants it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.kernel.actor import Actor
from partnercrm.notices import kinds, queries


def _told(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {**own(viewer, person), "on_page": True, "kind": next((one.verb for one in kinds.every()), "")}


SIGHTS: Final = (
    Sight(
        "notices",
        _("What you were told, and whether you read it"),
        ("list_notices", "read_notice"),
        queries.notices_seen_by,
        _told,
    ),
)
