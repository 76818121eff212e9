"""What cases keep of a person, for handing it out to them: what names them, what they own, where they moderate."""

from typing import Final

from partnercrm.identity.subject_access import BOTH, MINE, Section, mentions, of_user

_TEXTS: Final = ("title", "text", "next_step", "facts")
_MEMBER: Final = (
    "r.member_id IN (SELECT m.id FROM partnership_members m"
    " WHERE m.organization_id = :organization_id AND m.user_id = :user_id)"
)
SECTIONS: Final = (
    Section("case_entries", "case_entries", ("happened_at", "case_id", "kind", *_TEXTS), BOTH, mentions(*_TEXTS)),
    Section("cases_owned", "case_owners", ("since", "case_id", "until"), MINE, _MEMBER),
    Section(
        "moderators_named",
        "case_moderators",
        ("named_at", "case_id", "address", "moderator_name", "declares", "status"),
        BOTH,
        mentions("address", "moderator_name", "declares"),
    ),
    Section(
        "moderations",
        "moderations",
        ("received_at", "case_id", "kind", "status", "declares"),
        MINE,
        f"({of_user()} OR {mentions('declares')})",
    ),
)
