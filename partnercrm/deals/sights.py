"""What registrations and deals know of a person, and the queries and rules that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight
from partnercrm.deals import queries
from partnercrm.deals.queries import drafts, files, working
from partnercrm.identity import queries as identity
from partnercrm.identity.queries.seen import PARTNER_ID
from partnercrm.kernel.actor import Actor


def _worked_on(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"organization_id": person.organization_id, "owner_id": person.user_id, "partnership_id": partnership_id}
    return None


def _joined(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"partnership_id": partnership_id, "first_organization_id": person.organization_id} | {
            "second_organization_id": PARTNER_ID
        }
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
    Sight(
        "registration_draft",
        _("That you have begun to register a deal"),
        (
            *("draft_deal", "read_registration_draft", "change_registration_draft"),
            "submit_registration_draft",
        ),
        drafts.registration_drafts_seen_by,
        _worked_on,
        ("RegistrationOwnerView.name", "RegistrationDraftView.owner"),
        apart=_("Of your side, managers who review deals read it; the partner does not know of it."),
    ),
    Sight(
        "registration_drafts",
        _("Which deals you have begun to register, in lists"),
        ("list_registration_drafts",),
        drafts.registration_drafts_seen_by,
        _worked_on,
        ("RegistrationOwnerView.name", "RegistrationDraftView.owner"),
        identity.tells_in_lists,
    ),
    Sight(
        "deal_team",
        _("Your name in the team of a deal, so that the other side knows whom to talk to"),
        ("read_deal_team",),
        working.deal_people_seen_by,
        _joined,
        ("DealPersonView.name",),
        apart=_("Whom your side named, and who wrote something about the deal."),
    ),
    Sight(
        "deal_entries",
        _("What you wrote about a deal for both sides, and that you are mentioned"),
        ("list_deal_entries",),
        working.deal_entries_seen_by,
        _joined,
        ("DealEntryView.author",),
        apart=_("Your name stands beside what you wrote."),
    ),
    Sight(
        "deal_files",
        _("Which files you put to a deal for both sides"),
        ("list_deal_files", "read_deal_file", "attach_deal_file"),
        files.deal_files_seen_by,
        _joined,
        ("DealFileView.author",),
        apart=_("Your name stands beside the file; it goes with you when you are erased."),
    ),
)
