"""What registrations and deals keep of a person, for handing it out: as who works on one, and as named in one."""

from typing import Final

from partnercrm.identity.subject_access import BOTH, MINE, SIDES, Section, mentions, of_user

_MEMBERSHIPS: Final = "SELECT m.id FROM partnership_members m WHERE m.organization_id = :organization_id"
_BY_THEM: Final = f"r.author_id IN ({_MEMBERSHIPS} AND m.user_id = :user_id)"
SECTIONS: Final = (
    Section("registrations_kept", "registration_sides", ("registration_id",), MINE, of_user("owner_id")),
    Section(
        "registration_drafts",
        "registration_drafts",
        ("changed_at", "id", "account_name", "asks"),
        MINE,
        f"({of_user('owner_id')} OR {mentions('account_name', 'asks')})",
    ),
    Section(
        "registrations",
        "registrations",
        ("submitted_at", "id", "status", "asks", "note"),
        SIDES,
        mentions("asks", "note"),
    ),
    Section("deal_books", "deal_books", ("deal_id", "own_stage", "notes"), MINE, mentions("own_stage", "notes")),
    Section(
        "deal_files",
        "deal_files",
        ("added_at", "id", "name", "size"),
        BOTH,
        f"({mentions('name')} OR {_BY_THEM})",
    ),
    Section("deal_entries", "deal_entries", ("added_at", "id", "kind", "text"), BOTH, mentions("text")),
)
