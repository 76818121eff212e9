"""What accounts tell of a person, and the queries and rules that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.accounts import queries
from partnercrm.accounts.queries import plans, yeses
from partnercrm.activity.sights import Sight
from partnercrm.identity import queries as identity
from partnercrm.identity.queries.seen import PARTNER_ID
from partnercrm.kernel.actor import Actor


def _owned(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "owner_id": person.user_id}


def _opened(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"partnership_id": partnership_id, "first_organization_id": person.organization_id} | {
            "second_organization_id": viewer.organization_id
        }
    return None


def _other_side(viewer: Actor, person: Actor) -> bool:
    return viewer.organization_id != person.organization_id


def _joined(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"partnership_id": partnership_id, "first_organization_id": person.organization_id} | {
            "second_organization_id": PARTNER_ID
        }
    return None


def _of_own_side(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return _owned(viewer, person) | {"partnership_id": partnership_id}
    return None


SIGHTS: Final = (
    Sight(
        "company",
        _("That one company is your account, so that colleagues know whom to ask"),
        ("read_account", "read_account_by_key"),
        queries.accounts_seen_by,
        _owned,
        ("AccountView.owner_id",),
        apart=_("No partner reads it."),
    ),
    Sight(
        "companies",
        _("Which companies are your accounts, in lists and filters"),
        ("list_accounts",),
        queries.accounts_seen_by,
        _owned,
        ("AccountView.owner_id",),
        identity.tells_in_lists,
    ),
    Sight(
        "opening",
        _("That you would talk about a company, and how you are reached, once somebody at the partner says the same"),
        ("list_openings", "read_opening"),
        yeses.openings_seen_by,
        _opened,
        ("MutualYesView.member_id",),
        _other_side,
        _("Whoever said the same reads it, and nobody else; a yes without an answer is read by you alone."),
    ),
    Sight(
        "joint_team",
        _("Your name in the team of a company both sides work on, so that the other side knows whom to talk to"),
        ("read_joint_plan", "read_plan_item"),
        plans.people_seen_by,
        _joined,
        ("PlanPersonView.name", "PlanItemView.owner_member_id"),
        apart=_("A step that is done names nobody any more."),
    ),
    Sight(
        "joint_side",
        _("That you work on one joint account for your side"),
        ("read_own_side",),
        plans.sides_seen_by,
        _of_own_side,
        ("OwnSideView.owner_id",),
        apart=_("No partner reads it."),
    ),
)
