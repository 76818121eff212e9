"""What cases know of a person, and the queries that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.cases import queries
from partnercrm.identity import queries as identity
from partnercrm.identity.queries.seen import FOREIGN_PARTNERSHIP_ID, MODERATOR_ID, OTHER_SIDE_ID, PARTNER_ID, SIDE_ID
from partnercrm.kernel.actor import Actor


def _case(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {
            "partnership_id": partnership_id,
            "first_organization_id": person.organization_id,
            "second_organization_id": PARTNER_ID,
            "submitted_to_id": MODERATOR_ID,
        }
    return None


def _moderated(viewer: Actor, person: Actor) -> dict[str, Any]:
    sides = {"first_organization_id": SIDE_ID, "second_organization_id": OTHER_SIDE_ID}
    return {"partnership_id": FOREIGN_PARTNERSHIP_ID, **sides}


SIGHTS: Final = (
    Sight(
        "case",
        _("Your name on one case that you own on your company's side"),
        ("read_case",),
        queries.cases_seen_by,
        _case,
        ("CaseView.owners", "OwnerView.name", "OwnerView.member_id"),
        apart=_("Once the case is closed or withdrawn, the other side reads your company alone."),
    ),
    Sight(
        "cases",
        _("Which cases you own, in lists"),
        ("list_cases",),
        queries.cases_seen_by,
        _case,
        ("CaseView.owners", "OwnerView.name", "OwnerView.member_id"),
        identity.tells_in_lists,
    ),
    Sight(
        "case_words",
        _("What you say in a case, under your company's name"),
        ("list_entries",),
        queries.entries_seen_by,
        _case,
        apart=_("Who wrote it is told to nobody."),
    ),
    Sight(
        "case_file",
        _("What you say in a case that lies with its moderator, under your company's name, until it is closed"),
        ("list_file_entries",),
        queries.file_entries_seen_by,
        _case,
        apart=_("Owners and members are not in the file a moderator reads."),
    ),
    Sight(
        "moderation",
        _("That you were asked to moderate, and what you declared about it"),
        ("list_moderations", "read_moderation"),
        queries.moderations_seen_by,
        own,
    ),
    Sight(
        "moderator",
        _("Your mail address in the one case that two companies ask you to moderate"),
        ("read_case",),
        queries.cases_seen_by,
        _moderated,
        ("NamingView.address",),
    ),
)
