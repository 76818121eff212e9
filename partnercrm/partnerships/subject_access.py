"""What partnerships keep of a person, for handing it out to them: memberships, proposals, and where they are named."""

from typing import Final

from partnercrm.identity.subject_access import BOTH, MINE, SIDES, Section, mentions, of_user

_TERMS: Final = ("moderator_email", "goals", "criteria")


def _texts(kind: str, table: str, when: str, columns: tuple[str, ...], whose: str) -> Section:
    return Section(kind, table, (when, "partnership_id", *columns), whose, mentions(*columns))


SECTIONS: Final = (
    Section(
        "memberships",
        "partnership_members",
        ("partnership_id", "name", "role", "joined_at", "left_at"),
        MINE,
        of_user(),
    ),
    Section(
        "proposals",
        "proposals",
        ("id", "addressee", "message", "created_at", "answered_at"),
        MINE,
        f"({of_user('proposed_by')} OR {mentions('addressee', 'message')})",
    ),
    Section(
        "received_proposals",
        "received_proposals",
        ("id", "proposed_by_name", "message", "received_at"),
        MINE,
        mentions("proposed_by_name", "message"),
    ),
    _texts("terms", "partnership_terms", "recorded_at", _TERMS, BOTH),
    _texts("term_drafts", "term_drafts", "saved_at", ("note", *_TERMS), MINE),
    _texts("term_changes", "term_changes", "proposed_at", ("note", "answer", *_TERMS), SIDES),
    _texts("phase_moves", "phase_moves", "proposed_at", ("note", "waiver", "waiver_of_other", "answer"), SIDES),
    _texts("criterion_marks", "criterion_marks", "marked_at", ("evidence",), SIDES),
    _texts("goal_readings", "goal_readings", "recorded_at", ("note",), SIDES),
)
