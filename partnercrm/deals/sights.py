"""What registrations know of a person, and the queries and rules that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight
from partnercrm.deals import queries
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor


def _worked_on(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"organization_id": person.organization_id, "owner_id": person.user_id, "partnership_id": partnership_id}
    return None


_FIELDS: Final = ("RegistrationOwnerView.name", "RegistrationView.owner")
SIGHTS: Final = (
    Sight(
        "registration",
        _("That you work on one deal registered with a partner"),
        ("read_registration",),
        queries.registration_sides_seen_by,
        _worked_on,
        _FIELDS,
        apart=_("Your own side reads it; the partner reads your company alone."),
    ),
    Sight(
        "registrations",
        _("Which registered deals you work on, in lists"),
        ("list_registrations",),
        queries.registration_sides_seen_by,
        _worked_on,
        _FIELDS,
        identity.tells_in_lists,
    ),
)
