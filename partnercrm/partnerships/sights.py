"""What partnerships know of a person, and the queries that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight
from partnercrm.identity.queries.seen import FOREIGN_PARTNERSHIP_ID, OTHER_SIDE_ID, PARTNER_ID, SIDE_ID
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries


def _membership(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"id": partnership_id, "proposer_id": person.organization_id, "addressee_id": PARTNER_ID}
    return None


def _proposal(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    return {"organization_id": PARTNER_ID} if person.has("partnerships:write") else None


def _moderated(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"id": FOREIGN_PARTNERSHIP_ID, "proposer_id": SIDE_ID, "addressee_id": OTHER_SIDE_ID}


SIGHTS: Final = (
    Sight(
        "membership",
        _("Your name and role in a partnership you are a member of, and since when"),
        ("list_partnerships", "read_partnership"),
        queries.partnerships_seen_by,
        _membership,
        ("PartnershipView.members", "MemberView.name"),
        apart=_("Roles are what you are there, not how you do it; who left is listed no more."),
    ),
    Sight(
        "proposals",
        _("Your name on a partnership you propose, once it reaches its addressee"),
        ("list_received_proposals",),
        queries.received_proposals_seen_by,
        _proposal,
        ("ReceivedProposalView.proposed_by_name",),
    ),
    Sight(
        "moderator_address",
        _("Your mail address in the terms of two companies that name you as their moderator"),
        ("list_partnerships", "read_partnership", "list_terms"),
        queries.partnerships_seen_by,
        _moderated,
        ("WholeTerms.moderator_email",),
    ),
)
