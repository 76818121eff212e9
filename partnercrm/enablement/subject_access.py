"""What enablement keeps of a person, for handing it out to them: what they learned, exceptions, and what they teach."""

from typing import Final

from partnercrm.identity.subject_access import MINE, SIDES, Section, mentions, of_user

SECTIONS: Final = (
    Section(
        "enablement_results",
        "enablement_results",
        ("happened_at", "id", "item_id", "version", "outcome", "score", "valid_until", "recorded_at"),
        MINE,
        of_user(),
    ),
    Section(
        "value_propositions",
        "value_propositions",
        ("proposed_at", "id", "locale", "industry", "sentences", "question", "answers"),
        SIDES,
        mentions("industry", "sentences", "question", "answers"),
    ),
    Section(
        "propositions_checked",
        "proposition_checks",
        ("answered_at", "id", "proposition_id", "is_right"),
        MINE,
        of_user(),
    ),
    Section("pulses_given", "pulse_givers", ("round_id",), MINE, of_user()),
    Section("enablement_tellings", "enablement_tellings", ("told_at", "partnership_id"), MINE, of_user()),
    Section(
        "enablement_exceptions",
        "enablement_exceptions",
        ("given_at", "id", "partnership_id", "reason", "ends_at", "ended_at"),
        MINE,
        f"({of_user()} OR {of_user('given_by')} OR {mentions('reason')})",
    ),
    Section(
        "enablement_items",
        "enablement_item_versions",
        ("recorded_at", "item_id", "version", "title", "text", "link", "quiz"),
        MINE,
        mentions("title", "text", "link", "quiz"),
    ),
    Section(
        "enablement_items_owned", "enablement_items", ("created_at", "id", "partnership_id"), MINE, of_user("owner_id")
    ),
)
