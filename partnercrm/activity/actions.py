"""The one append behind audit trail, timeline and outbox."""

from typing import Any, Protocol, runtime_checkable
from uuid import UUID

import structlog

from partnercrm.activity.models import Activity, SharedActivity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id


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


def record(actor: Actor, verb: str, subject: Subject, /, **shared_facts: Any) -> None:
    """Append what the actor did, in the open transaction.

    `verb` is `thing.done`. The owned row names the person; where the subject is shared, a second row tells both sides
    which side acted, with `shared_facts`: only what both may read (a reason, a status), JSON values.
    """
    happened_at = clock.now()
    identifier = new_id()
    db.session().add(
        Activity(
            id=identifier,
            organization_id=actor.organization_id,
            verb=verb,
            subject=subject.__tablename__,
            subject_id=subject.id,
            user_id=actor.user_id,
            token_id=actor.token_id,
            request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
            facts=shared_facts,
            happened_at=happened_at,
        )
    )
    if isinstance(subject, SharedSubject):
        first, second = sorted(subject.sides())
        db.session().add(
            SharedActivity(
                id=identifier,
                partnership_id=subject.partnership_id,
                first_organization_id=first,
                second_organization_id=second,
                acting_organization_id=actor.organization_id,
                verb=verb,
                subject=subject.__tablename__,
                subject_id=subject.id,
                facts=shared_facts,
                happened_at=happened_at,
            )
        )
