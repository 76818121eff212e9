"""What calendars know of a person, and the queries that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.calendars import queries
from partnercrm.identity.queries.seen import DEPUTY_ID
from partnercrm.kernel.actor import Actor


def _absent(viewer: Actor, person: Actor) -> dict[str, Any]:
    return own(viewer, person) | {"deputy_id": DEPUTY_ID}


SIGHTS: Final = (
    Sight(
        "hours",
        _("Your own working hours and days off"),
        ("list_calendars",),
        queries.calendars_seen_by,
        own,
        ("CalendarView.user_id",),
        apart=_("Partners' clocks run in your company's hours, never in yours."),
    ),
    Sight(
        "absence",
        _("That somebody stands in for you, who it is, and from when to when"),
        ("list_deputies",),
        queries.deputies_seen_by,
        _absent,
        ("DeputyView.user_id", "DeputyView.deputy_id"),
        apart=_("Why you are away is asked nowhere and stored nowhere."),
    ),
)
