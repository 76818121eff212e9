"""What enablement knows of a person, and the queries and rules that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.enablement import queries
from partnercrm.enablement.queries import standing
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor


def _taught(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "id": person.user_id, "roles": ["seller"], "disabled_at": None}


def _excepted(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return own(viewer, person) | {"partnership_id": partnership_id}
    return None


def _owned(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "owner_id": person.user_id, "archived_at": None}


def _of_person(viewer: Actor, person: Actor) -> bool:
    return identity.sees_figures_of(viewer, person.user_id)


_OWN: Final = (
    *("read_enablement", "list_enablement_results", "start_enablement_item"),
    *("acknowledge_enablement_item", "answer_enablement_quiz"),
)
SIGHTS: Final = (
    Sight(
        "enablement",
        _("What you know of a partner, and what is missing"),
        _OWN,
        standing.results_seen_by,
        own,
        ("PersonStandingView.user_id", "PersonStandingView.name", "ResultView.user_id"),
        apart=_("The partner reads how many of a company's people are enabled, never who."),
    ),
    Sight(
        "enablement_of_people",
        _("What you know of a partner, in a list of colleagues"),
        ("read_enablement_of_people",),
        standing.people_taught_by,
        _taught,
        ("PersonStandingView.user_id", "PersonStandingView.name"),
        _of_person,
        _("Whoever looks at it is told to you below."),
    ),
    Sight(
        "enablement_result",
        _("A certificate or a session of yours, by whoever enters it"),
        ("enter_enablement_result", "put_enablement_result"),
        standing.people_taught_by,
        _taught,
        ("ResultView.user_id",),
        apart=_("Who enters it reads what they sent, and nothing else of you."),
    ),
    Sight(
        "enablement_exception",
        _("That you may pass a gate for a time without knowing everything, by whom and why"),
        ("list_enablement_exceptions", "grant_enablement_exception", "end_enablement_exception"),
        queries.exceptions_seen_by,
        _excepted,
        ("ExceptionView.user_id", "ExceptionView.given_by"),
    ),
    Sight(
        "enablement_owner",
        _("That you look after something colleagues are to know"),
        ("read_enablement_item", "list_enablement_items"),
        queries.items_seen_by,
        _owned,
        ("ItemView.owner_id",),
    ),
)
