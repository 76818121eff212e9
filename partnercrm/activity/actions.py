"""The one append behind audit trail, timeline and outbox; sealing what was appended, and verifying the seals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, Protocol, runtime_checkable
from uuid import UUID

import structlog
from sqlalchemy import Insert, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_if_absent

from partnercrm.activity import chains, queries
from partnercrm.activity.chains import BEGINNING, Fault, Flaw, Head
from partnercrm.activity.models import Activity, AuditChain, SharedActivity, SharedAuditChain
from partnercrm.activity.queries import Chain
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id

SEALED_AT_ONCE: Final = 2000
# What people typed about shared things stands once, in the row both read: there erasing a person finds it.
_TYPED: Final = frozenset({"name", "note"})
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


@contextmanager
def without(reaction: Reaction) -> Iterator[None]:
    """Let the block record without this reaction: the demo tells its long past to nobody."""
    before = dict(_reactions)
    react_with({verb: [one for one in reactions if one is not reaction] for verb, reactions in before.items()})
    try:
        yield
    finally:
        react_with(before)


def record(actor: Actor, verb: str, subject: Subject, /, **shared_facts: Any) -> None:
    """Append what the actor did, in the open transaction.

    `verb` is `thing.done`. The owned row names the person; where the subject is shared, a second row tells both sides
    which side acted, with `shared_facts`: only what both may read (a reason, a status), JSON values. Of a shared
    subject what people typed (`name`, `note`) stands in the second row alone.
    """
    _append(actor, verb, subject, new_id(), shared_facts)


def record_erasure(actor: Actor, subject: Subject, erasure_id: UUID) -> None:
    """Append, under the id that the erased rows already carry, that a person was erased and what is left of the rows.

    The subject is the organization for its own rows, or a partnership for the rows both sides read; nobody is named.
    """
    partnership_id = subject.id if isinstance(subject, SharedSubject) else None
    left = queries.left_by(Chain.of(actor, partnership_id), erasure_id)
    _append(actor, "person.erased", subject, erasure_id, {"remains": chains.remains(left)})


def _append(actor: Actor, verb: str, subject: Subject, activity_id: UUID, shared_facts: dict[str, Any]) -> None:
    shared = isinstance(subject, SharedSubject)
    facts = {name: value for name, value in shared_facts.items() if not (shared and name in _TYPED)}
    own = _own_row(actor, verb, subject.__tablename__, subject.id, facts) | {"id": activity_id}
    told: list[db.Thing] = [(Activity, own)]
    if isinstance(subject, SharedSubject):
        first, second = sorted(subject.sides())
        shared_row = {
            "id": own["id"],
            "partnership_id": subject.partnership_id,
            "first_organization_id": first,
            "second_organization_id": second,
            "acting_organization_id": actor.organization_id,
            "verb": verb,
            "subject": subject.__tablename__,
            "subject_id": subject.id,
            "facts": shared_facts,
            "happened_at": own["happened_at"],
        }
        told.append((SharedActivity, shared_row))
    db.insert(*told)
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


def note_look(actor: Actor, person: Subject, what: str, purpose: str = "") -> None:
    """Note that somebody looked at what is one person's, for that person to read; it outlives a refusal."""
    with db.aside(actor):
        record(actor, "person.looked_at", person, what=what, purpose=purpose)


def open_activity(actor: Actor, activity_id: UUID, purpose: str) -> Activity:
    """Return one activity with who did it; that it was opened, and for what, is noted beside it. Raises NotFound."""
    found = queries.activity(actor, activity_id)
    record(actor, "activity.opened", found, purpose=purpose, about=str(found.user_id) if found.user_id else None)
    return found


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


def seal(actor: Actor, partnership_id: UUID | None) -> bool:
    """Add to a chain what is settled and not yet in it, oldest transaction first; tell whether more may be waiting.

    Rows of transactions that are still running, and of those that began after them, wait; none is left out.
    """
    chain = Chain.of(actor, partnership_id)
    _begin(chain)
    end = queries.end(chain, lock=True)
    if end is None:
        return False
    before = queries.horizon()
    # After a restore the numbers begin anew, below what was settled: then everything is looked through once.
    rows = queries.to_seal(chain, end.settled if end.settled <= before else 0, before, SEALED_AT_ONCE)
    table, sides = chain.links.metadata.tables[chain.links.__tablename__], _sides(chain, end)
    links = []
    for row in rows:
        committed = chains.commitment(row.salt, chains.content(chain.names, row))
        end.length += 1
        end.head = chains.linked(chain.id, end.length, end.head, committed)
        links.append(
            {"place": end.length, "activity_id": row.id, "commitment": committed, "hash": end.head}
            | {chain.whose: chain.id}
            | sides
        )
    if links:
        db.session().execute(insert(table), links)
    more = len(rows) == SEALED_AT_ONCE
    end.settled = min(rows[-1].xact, before) if more else before
    end.sealed_at = clock.now()
    db.session().flush()
    return more


def verify(actor: Actor, partnership_id: UUID | None, kept: Mapping[int, bytes] | None = None) -> list[Flaw]:
    """Return what is wrong with a chain and the rows it covers, and note it beside the chain's end.

    `kept` are hashes by length, kept elsewhere.
    """
    chain = Chain.of(actor, partnership_id)
    end = queries.end(chain)
    if end is None:
        return [Flaw(Fault.CUT, place) for place in kept or ()]
    found = flaws_of(chain, end, kept or {})
    noted = {"verified_at": clock.now(), "verified_length": end.length, "flaws": len(found)}
    db.session().execute(update(chain.chains).where(chain.mine(chain.chains)).values(**noted))
    return found


def flaws_of(chain: Chain, end: AuditChain | SharedAuditChain, kept: Mapping[int, bytes]) -> list[Flaw]:
    """Return what is wrong with a chain up to its end and with the rows it covers; changes nothing."""
    found = list(chains.flaws(chain.id, queries.entries(chain, end.length), Head(end.length, end.head), kept))
    found += [Flaw(Fault.INSERTED, None, row_id) for row_id in queries.slipped_in(chain, end.settled)]
    found += [
        Flaw(Fault.ERASED_UNTOLD, None, erasure_id)
        for erasure_id, told in queries.erasures(chain).items()
        if told != chains.remains(queries.left_by(chain, erasure_id))
    ]
    return found


def _begin(chain: Chain) -> None:
    """Let the chain have a beginning."""
    table = chain.chains.metadata.tables[chain.chains.__tablename__]
    begun: dict[str, Any] = {chain.whose: chain.id, "head": BEGINNING}
    if chain.rows is SharedActivity:
        one = queries.any_shared(chain)
        if one is None:
            return
        begun |= {name: getattr(one, name) for name in _SIDES}
    db.session().execute(insert_if_absent(table).values(**begun).on_conflict_do_nothing())


_SIDES: Final = ("first_organization_id", "second_organization_id")


def _sides(chain: Chain, end: Any) -> dict[str, UUID]:
    return {name: getattr(end, name) for name in _SIDES} if chain.rows is SharedActivity else {}
