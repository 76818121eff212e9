"""The one append behind audit trail, timeline and outbox."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

import structlog
from sqlalchemy import Insert, insert, select

from partnercrm.activity.models import Activity, SharedActivity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id

_OWN = (
    *("id", "organization_id", "verb", "subject", "subject_id"),
    *("user_id", "token_id", "request_id", "facts", "happened_at"),
)


class Subject(Protocol):
    """Anything that can be acted upon."""

    __tablename__: str
    id: Any


@runtime_checkable
class SharedSubject(Protocol):
    """Something both sides of a partnership see."""

    partnership_id: Any

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""


Reaction = Callable[[Actor, str, Any, UUID], None]
_reactions: dict[str, Sequence[Reaction]] = {}


def react_with(reactions: Mapping[str, Sequence[Reaction]]) -> None:
    """Say what else happens, in the same transaction, once a verb is recorded.

    Each reaction is called with the actor, the verb, the subject and the id of the activity.
    """
    _reactions.clear()
    _reactions.update(reactions)


def record(actor: Actor, verb: str, subject: Subject, /, **shared_facts: Any) -> None:
    """Append what the actor did, in the open transaction.

    `verb` is `thing.done`. The owned row names the person; where the subject is shared, a second row tells both sides
    which side acted, with `shared_facts`: only what both may read (a reason, a status), JSON values.
    """
    own = _own_row(actor, verb, subject.__tablename__, subject.id, shared_facts)
    db.session().add(Activity(**own))
    if isinstance(subject, SharedSubject):
        first, second = sorted(subject.sides())
        db.session().add(
            SharedActivity(
                id=own["id"],
                partnership_id=subject.partnership_id,
                first_organization_id=first,
                second_organization_id=second,
                acting_organization_id=actor.organization_id,
                verb=verb,
                subject=subject.__tablename__,
                subject_id=subject.id,
                facts=shared_facts,
                happened_at=own["happened_at"],
            )
        )
    for reaction in _reactions.get(verb, ()):
        reaction(actor, verb, subject, own["id"])


def record_all(actor: Actor, verb: str, subject: type[Subject], subject_ids: Sequence[UUID], /) -> None:
    """Append the same about many things that only the actor's organization sees, in one statement."""
    rows = [_own_row(actor, verb, subject.__tablename__, subject_id, {}) for subject_id in subject_ids]
    db.session().execute(_add_all(), {"rows": db.as_rows(rows)})


@cache
def _add_all() -> Insert:
    table = Activity.metadata.tables[Activity.__tablename__]
    return insert(table).from_select(_OWN, select(db.sent(table.c[name] for name in _OWN)))


def _own_row(actor: Actor, verb: str, subject: str, subject_id: UUID, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": actor.organization_id,
        "verb": verb,
        "subject": subject,
        "subject_id": subject_id,
        "user_id": actor.user_id,
        "token_id": actor.token_id,
        "request_id": str(structlog.contextvars.get_contextvars().get("request_id", "")),
        "facts": facts,
        "happened_at": clock.now(),
    }
