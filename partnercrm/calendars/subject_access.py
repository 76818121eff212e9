"""What calendars keep of a person, for handing it out to them."""

from typing import Final

from partnercrm.identity.subject_access import MINE, Section, of_user

SECTIONS: Final = (
    Section("working_hours", "calendars", ("zone", "holidays", "week", "days", "changed_at"), MINE, of_user()),
    Section(
        "absences",
        "deputies",
        ("from_on", "to_on", "user_id", "deputy_id", "named_at", "ended_at"),
        MINE,
        f"({of_user()} OR {of_user('deputy_id')})",
    ),
)
