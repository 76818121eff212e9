"""What the lead exchange keeps of a person, for handing it out to them: as contact, as who works on it, as named."""

from typing import Final

from partnercrm.accounts.contacts import TRAVELLING
from partnercrm.identity.subject_access import GIVEN, MINE, SIDES, Section, mentions, of_user

_CONTACT: Final = "lower(r.contact_email) = :email"
_SEEN: Final = "(r.giver_id = :organization_id OR (r.receiver_id = :organization_id AND r.revealed_at IS NOT NULL))"
_MEMBER: Final = (
    "EXISTS (SELECT FROM partnership_members m WHERE m.organization_id = :organization_id AND m.user_id = :user_id"
    " AND m.id IN (r.giver_member_id, r.receiver_member_id))"
)
SECTIONS: Final = (
    Section(
        "contacts",
        "leads",
        ("created_at", "id", "company_name", "need", "contact_role", *TRAVELLING, "notes"),
        MINE,
        f"({_CONTACT} OR {mentions('company_name', 'need', 'notes', 'contact_source_note')})",
    ),
    Section(
        "former_leads",
        "lead_sightings",
        ("seen_at", "lead_id", "company_name", "need", "left_at"),
        MINE,
        mentions("company_name", "need"),
    ),
    Section("leads_kept", "leads", ("created_at", "id"), MINE, of_user("owner_id")),
    Section(
        "copied_contacts",
        "offer_details",
        ("revealed_at", "offer_id", "company_name", *TRAVELLING, "message"),
        _SEEN,
        f"({_CONTACT} OR {mentions('company_name', 'message', 'contact_source_note')})",
    ),
    Section(
        "offers",
        "offers",
        ("offered_at", "id", "status", "company_name", "need", "note"),
        GIVEN,
        f"({_MEMBER} OR {mentions('company_name', 'need', 'note')})",
    ),
    Section("routing_turns", "routing_turns", ("rule_id", "turn"), MINE, of_user("user_id")),
    Section(
        "leads_to_answer", "lead_assignments", ("assigned_at", "offer_id", "by_hand"), MINE, of_user("assignee_id")
    ),
    Section(
        "offer_requests",
        "offer_requests",
        ("asked_at", "id", "status", "message", "note", "answer", "answered_at"),
        MINE,
        f"({of_user('asker_id')} OR {mentions('message', 'note', 'answer')})",
    ),
    Section(
        "questions",
        "offer_questions",
        ("asked_at", "offer_id", "question", "answer", "answered_at"),
        GIVEN,
        mentions("question", "answer"),
    ),
    Section(
        "rounds",
        "exchange_rounds",
        ("proposed_at", "id", "note"),
        SIDES,
        mentions("note"),
    ),
    Section(
        "picks",
        "round_picks",
        ("picked_at", "lead_id", "message", "details"),
        MINE,
        f"(lower(r.details->>'contact_email') = :email OR {mentions('message', 'details')})",
    ),
    Section("sealed", "sealed_documents", ("seal_id", "document"), MINE, mentions("document")),
    Section("revealed", "round_seals", ("sealed_at", "id", "document"), SIDES, mentions("document")),
)
