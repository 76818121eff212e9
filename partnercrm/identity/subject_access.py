"""What is written out for a person (GDPR, Article 15): which rows of which tables are about them, by section."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

MINE: Final = "r.organization_id = :organization_id"
# What was shared in a partnership that ended is read by neither side, a person's data no exception.
_LIVES: Final = "EXISTS (SELECT FROM partnerships p WHERE p.id = r.partnership_id AND p.ended_at IS NULL)"
GIVEN: Final = f":organization_id IN (r.giver_id, r.receiver_id) AND {_LIVES}"
BOTH: Final = f":organization_id IN (r.first_organization_id, r.second_organization_id) AND {_LIVES}"
SIDES: Final = f":organization_id IN (r.organization_id, r.other_id) AND {_LIVES}"


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of what is kept: `whose` rows `r` of a table the organization may hand out, and which are `about` them.

    Both are SQL over `:organization_id`, `:email` in lower case and `:user_id`, which is null for who has no account.
    """

    kind: str
    table: str
    columns: Sequence[str]
    whose: str
    about: str


def mentions(*columns: str) -> str:
    """Return the condition that one of these columns holds the address."""
    return f"({' OR '.join(f'strpos(lower(r.{column}::text), :email) > 0' for column in columns)})"


def of_user(column: str = "user_id") -> str:
    """Return the condition that a column names the person's account."""
    return f"r.{column} = :user_id"


_sections: list[Section] = []


def install(sections: Iterable[Section]) -> None:
    """Say of what sections there are, in the order they are written."""
    _sections[:] = sections


def sections() -> Sequence[Section]:
    """Return the sections there are."""
    return tuple(_sections)


SECTIONS: Final = (
    Section(
        "accounts",
        "users",
        ("id", "email", "name", "roles", "team_id", "locale", "created_at", "disabled_at", "closed_at"),
        MINE,
        of_user("id"),
    ),
    Section(
        "invitations",
        "invitations",
        ("id", "email", "name", "roles", "created_at", "expires_at", "accepted_at", "withdrawn_at"),
        MINE,
        "(lower(r.email) = :email OR r.invited_by = :user_id)",
    ),
    Section("sign_ins", "sessions", ("browser", "system", "created_at", "last_seen_at", "expires_at"), MINE, of_user()),
    Section(
        "tokens",
        "api_tokens",
        ("id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"),
        MINE,
        f"({of_user()} OR {mentions('name')})",
    ),
    Section(
        "works_agreements",
        "works_agreements",
        ("version", "person_figures", "reason", "decided_at"),
        MINE,
        f"({of_user('decided_by')} OR {mentions('reason')})",
    ),
    # The record lies below and knows no people: what it holds of one is written out from here.
    Section(
        "activities",
        "activities",
        ("recorded_at", "verb", "subject", "subject_id", "facts", "request_id", "happened_at"),
        MINE,
        f"({of_user()} OR {of_user('subject_id')} OR {mentions('facts', 'request_id')})",
    ),
    Section(
        "shared_activities",
        "shared_activities",
        ("recorded_at", "partnership_id", "verb", "subject", "subject_id", "facts", "happened_at"),
        BOTH,
        mentions("facts"),
    ),
)
