"""What accounts keep of a person, for handing it out to them: as somebody at a company, as owner, as named."""

from typing import Final

from partnercrm.accounts.contacts import TRAVELLING
from partnercrm.identity.subject_access import BOTH, MINE, SIDES, Section, mentions, of_user

_OPENED: Final = ("first_account", "first_reach", "second_account", "second_reach")
SECTIONS: Final = (
    Section(
        "account_contacts",
        "account_contacts",
        ("created_at", "id", "account_id", "contact_role", *TRAVELLING),
        MINE,
        f"(lower(r.contact_email) = :email OR {mentions('contact_role', 'contact_source_note')})",
    ),
    Section("companies", "accounts", ("created_at", "id", "name", "street"), MINE, mentions("name", "street")),
    Section("populations", "populations", ("created_at", "id", "name"), MINE, mentions("name")),
    Section(
        "mappings",
        "mappings",
        ("proposed_at", "id", "label", "other_label"),
        SIDES,
        mentions("label", "other_label"),
    ),
    Section(
        "copied_accounts",
        "overlap_disclosures",
        ("disclosed_at", "id", "name"),
        ":organization_id IN (r.discloser_id, r.receiver_id)",
        mentions("name"),
    ),
    Section(
        "joint_accounts",
        "joint_accounts",
        ("proposed_at", "id", "name", "goal", "proposition"),
        BOTH,
        mentions("name", "goal", "proposition"),
    ),
    Section("joint_plans", "joint_plan_items", ("added_at", "id", "kind", "text"), BOTH, mentions("text")),
    Section(
        "joint_accounts_owned",
        "joint_account_sides",
        ("joint_account_id", "partnership_id", "account_id", "notes"),
        MINE,
        f"({of_user('owner_id')} OR {mentions('notes')})",
    ),
    Section(
        "yeses",
        "account_yeses",
        ("said_at", "id", "account_id", "reach", "expires_at"),
        MINE,
        f"({of_user()} OR {mentions('reach')})",
    ),
    Section(
        "openings",
        "openings",
        ("made_at", "id", *_OPENED),
        BOTH,
        "(EXISTS (SELECT FROM account_yeses y WHERE y.organization_id = :organization_id AND y.user_id = :user_id"
        f" AND y.id IN (r.first_yes_id, r.second_yes_id)) OR {mentions(*_OPENED)})",
    ),
    Section(
        "accounts_lost",
        "account_losses",
        ("recorded_at", "id", "account_id", "lost_on", "connector", "external_id", "retracted_at"),
        MINE,
        of_user(),
    ),
    Section("time_spent", "time_spent", ("told_at", "id", "partnership_id", "month", "minutes"), MINE, of_user()),
    Section("accounts_owned", "accounts", ("created_at", "id"), MINE, of_user("owner_id")),
)
