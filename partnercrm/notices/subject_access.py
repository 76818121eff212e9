"""What notices keep of a person, for handing it out to them."""

from typing import Final

from partnercrm.identity.subject_access import MINE, Section, mentions, of_user

SECTIONS: Final = (
    Section(
        "notices",
        "notices",
        ("kind", "subject_id", "facts", "created_at", "read_at", "mailed_at"),
        MINE,
        f"({of_user()} OR {mentions('facts')})",
    ),
    Section(
        "mail_links", "mail_actions", ("act", "subject_id", "created_at", "expires_at", "used_at"), MINE, of_user()
    ),
    Section(
        "notice_preferences",
        "notice_preferences",
        ("zone", "digest_hour", "quiet_from", "quiet_until"),
        MINE,
        of_user(),
    ),
    Section("notice_channels", "notice_channels", ("kind", "channels"), MINE, of_user()),
)
