"""What notices know of a person, and the queries that grant it."""

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
    Sight(
        "preferences",
        _("How you wish to be told: your time zone, quiet hours, digest and channels"),
        ("read_notice_preferences", "edit_notice_preferences"),
        queries.preferences_seen_by,
        own,
        apart=_("Whether and when a mail reaches you follows from them; nobody is told that it did not."),
    ),
)
