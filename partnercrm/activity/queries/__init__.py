"""Reading what was done: a company's own audit trail, the timeline of a shared thing, and the chains over both."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, and_, cast, exists, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, aliased

from partnercrm.activity import chains
from partnercrm.activity.chains import Entry
from partnercrm.activity.looks import names_who
from partnercrm.activity.models import (
    Activity,
    AuditChain,
    AuditLink,
    SharedActivity,
    SharedAuditChain,
    SharedAuditLink,
)
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

SORTS = {"recorded_at": Activity.recorded_at}
BATCH: Final = 2000


def activities_seen_by(actor: Actor) -> Select[Activity]:
    """Return the actor's own organization's record."""
    return select(Activity).where(Activity.organization_id == actor.organization_id)


def shared_activities_seen_by(actor: Actor) -> Select[SharedActivity]:
    """Return what happened in the partnerships the actor belongs to."""
    return select(SharedActivity).where(
        or_(
            SharedActivity.first_organization_id == actor.organization_id,
            SharedActivity.second_organization_id == actor.organization_id,
        ),
        SharedActivity.partnership_id.in_(actor.partnership_ids),
    )


def audit_trail(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of what the organization's people, tokens and jobs did."""
    rows = activities_seen_by(actor)
    if verb := given.get("verb"):
        rows = rows.where(Activity.verb == verb)
    if subject_id := given.get("subject_id"):
        rows = rows.where(Activity.subject_id == subject_id)
    return page(actor, rows, given, sorts=SORTS, key=Activity.id, shown=lambda row: Noted(actor, row[0]))


def activity(actor: Actor, activity_id: UUID) -> Activity:
    """Return one activity of the organization's record. Raises NotFound."""
    found = db.session().scalars(activities_seen_by(actor).where(Activity.id == activity_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def done_by(actor: Actor, user_ids: Collection[UUID]) -> Sequence[Activity]:
    """Return what these people did, oldest first, at most 10,000; for handing it out to them."""
    rows = activities_seen_by(actor).where(Activity.user_id.in_(user_ids))
    return db.session().scalars(rows.order_by(Activity.recorded_at, Activity.id).limit(10_000)).all()


def looks_seen_by(actor: Actor) -> Select[Activity]:
    """Return that others looked at what is the actor's own."""
    me = actor.user_id
    looked = and_(Activity.verb == "person.looked_at", Activity.subject_id == me)
    opened = and_(Activity.verb == "activity.opened", Activity.facts["about"].astext == str(me))
    return activities_seen_by(actor).where(or_(looked, opened), Activity.user_id.is_distinct_from(me))


def looks_at(actor: Actor) -> Sequence[Activity]:
    """Return who looked at what is the actor's own, newest first, at most 100."""
    rows = looks_seen_by(actor).order_by(Activity.recorded_at.desc(), Activity.id)
    return db.session().scalars(rows.limit(100)).all()


def timeline(actor: Actor, subject: str, subject_id: UUID) -> Sequence[SharedActivity]:
    """Return what both sides read about one shared thing, oldest first."""
    rows = shared_activities_seen_by(actor).where(
        SharedActivity.subject == subject, SharedActivity.subject_id == subject_id
    )
    return db.session().scalars(rows.order_by(SharedActivity.recorded_at, SharedActivity.id).limit(500)).all()


class Noted:
    """An activity as a list shows it: who worked on what is told to themselves alone, who administrated to all."""

    def __init__(self, actor: Actor, activity: Activity) -> None:
        self._activity = activity
        self.tells_who = names_who(activity.verb, activity.user_id, actor.user_id)
        self.user_id = activity.user_id if self.tells_who else None
        self.token_id = activity.token_id if self.tells_who else None
        # What one request did beside an act that names its person would name that person too.
        self.request_id = activity.request_id if self.tells_who else ""

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the row."""
        return getattr(self._activity, name)


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain and the tables it lies in: `whose` names the column that holds `id`."""

    id: UUID
    whose: str
    rows: type[Activity | SharedActivity]
    chains: type[AuditChain | SharedAuditChain]
    links: type[AuditLink | SharedAuditLink]
    names: tuple[str, ...]

    @classmethod
    def of(cls, actor: Actor, partnership_id: UUID | None) -> "Chain":
        """Return the chain of the actor's own organization, or that of a partnership of it."""
        if partnership_id is None:
            own = actor.organization_id
            return cls(own, "organization_id", Activity, AuditChain, AuditLink, chains.OWN)
        return cls(partnership_id, "partnership_id", SharedActivity, SharedAuditChain, SharedAuditLink, chains.SHARED)

    def mine(self, table: type[Any]) -> ColumnElement[bool]:
        """Return the condition that a row of one of the tables belongs to this chain."""
        column: InstrumentedAttribute[UUID] = getattr(table, self.whose)
        return column == self.id

    def unlinked(self) -> ColumnElement[bool]:
        """Return the condition that no link covers a row."""
        return ~exists().where(self.mine(self.links), self.links.activity_id == self.rows.id)


def tenants(*, unsealed: bool) -> Sequence[tuple[UUID, UUID | None]]:
    """Return every chain there is, or those with something to seal, as (organization, partnership or None)."""
    found = text("SELECT * FROM sweep_unsealed()" if unsealed else "SELECT * FROM sweep_chains()")
    return [(row.organization_id, row.partnership_id) for row in db.session().execute(found)]


def horizon() -> int:
    """Return the oldest transaction still running; whatever an older one wrote is there, or will never be."""
    return db.session().execute(select(_snapshot("xmin"))).scalar_one()


def _snapshot(bound_name: str) -> ColumnElement[int]:
    bound = getattr(func, f"pg_snapshot_{bound_name}")(func.pg_current_snapshot())
    return cast(cast(bound, Text), BigInteger)


def end(chain: Chain, *, lock: bool = False) -> AuditChain | SharedAuditChain | None:
    """Return where a chain ends; with `lock` whoever else would add to it waits."""
    rows: Select[Any] = select(chain.chains).where(chain.mine(chain.chains))
    rows = rows.with_for_update() if lock else rows
    found: AuditChain | SharedAuditChain | None = (
        db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    )
    return found


def to_seal(chain: Chain, settled: int, before: int, most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the next rows to seal, in the order of their transactions.

    A row whose number lies beyond every number given out here was written before the database was restored.
    """
    number = chain.rows.xact
    rows = (
        select(*(getattr(chain.rows, name) for name in (*chain.names, "salt", "xact")))
        .where(chain.mine(chain.rows), chain.unlinked())
        .where(or_(number.between(settled, before - 1), and_(number >= before, number >= _snapshot("xmax"))))
        .order_by(number, chain.rows.recorded_at, chain.rows.id)
    )
    return db.session().execute(rows.limit(most)).all()


def entries(chain: Chain, length: int) -> Iterator[Entry]:
    """Yield the first `length` links with the rows they cover; a batch at a time is held."""
    links, written = chain.links, [getattr(chain.rows, name).label(f"row_{name}") for name in chain.names]
    rows = (
        select(links.place, links.activity_id, links.commitment, links.hash, chain.rows.salt, chain.rows.erased_by)
        .add_columns(*written)
        .outerjoin(chain.rows, and_(chain.mine(chain.rows), chain.rows.id == links.activity_id))
        .where(chain.mine(links), links.place <= length)
        .order_by(links.place)
        .limit(BATCH)
    )
    last = 0
    while found := db.session().execute(rows.where(links.place > last)).all():
        for row in found:
            there = row.row_id is not None
            content = {name: getattr(row, f"row_{name}") for name in chain.names} if there else None
            yield Entry(row.place, row.activity_id, row.commitment, row.hash, content, row.salt, row.erased_by)
        last = found[-1].place


def slipped_in(chain: Chain, settled: int) -> Sequence[UUID]:
    """Return rows that pretend to be older than what was sealed, but that no link covers; the first hundred."""
    rows = select(chain.rows.id).where(chain.mine(chain.rows), chain.rows.xact < settled, chain.unlinked())
    return db.session().scalars(rows.order_by(chain.rows.id).limit(100)).all()


def erasures(chain: Chain) -> Mapping[UUID, str | None]:
    """Return every erasure that touched the chain's rows, with the digest of what its own row says is left."""
    told = aliased(chain.rows)
    rows = (
        select(chain.rows.erased_by, func.max(told.facts["remains"].astext))
        .outerjoin(told, and_(told.id == chain.rows.erased_by, chain.mine(told)))
        .where(chain.mine(chain.rows), chain.rows.erased_by.is_not(None))
        .group_by(chain.rows.erased_by)
    )
    return {erasure_id: told_digest for erasure_id, told_digest in db.session().execute(rows) if erasure_id}


def left_by(chain: Chain, erasure_id: UUID) -> Iterator[Mapping[str, Any]]:
    """Yield what is left of the rows an erasure touched, by id."""
    columns = [getattr(chain.rows, name) for name in chain.names]
    rows = select(*columns).where(chain.mine(chain.rows), chain.rows.erased_by == erasure_id).order_by(chain.rows.id)
    for row in db.session().execute(rows.execution_options(yield_per=BATCH)):
        yield chains.content(chain.names, row)


def chains_seen_by(actor: Actor) -> Select[AuditChain]:
    """Return the chain over the actor's own organization's record."""
    return select(AuditChain).where(AuditChain.organization_id == actor.organization_id)


def shared_chains_seen_by(actor: Actor) -> Select[SharedAuditChain]:
    """Return the chains of the partnerships of the actor's organization, ended ones included."""
    mine = actor.organization_id
    return select(SharedAuditChain).where(
        or_(SharedAuditChain.first_organization_id == mine, SharedAuditChain.second_organization_id == mine)
    )


def heads(actor: Actor) -> Sequence[AuditChain | SharedAuditChain]:
    """Return where the organization's own chain and those of its partnerships end, at most 1,000."""
    shared = shared_chains_seen_by(actor).order_by(SharedAuditChain.partnership_id).limit(1000)
    return [*db.session().scalars(chains_seen_by(actor)), *db.session().scalars(shared)]


def shared_heads(actor: Actor) -> Sequence[SharedAuditChain]:
    """Return where the chains of the partnerships the actor is a member of end, at most 40, by partnership."""
    rows = shared_chains_seen_by(actor).where(SharedAuditChain.partnership_id.in_(actor.partnership_ids))
    return db.session().scalars(rows.order_by(SharedAuditChain.partnership_id).limit(40)).all()


def any_shared(chain: Chain) -> Row[*tuple[UUID, UUID]] | None:
    """Return the two sides of a partnership, as any of its rows names them."""
    rows = select(SharedActivity.first_organization_id, SharedActivity.second_organization_id)
    return db.session().execute(rows.where(chain.mine(SharedActivity)).limit(1)).one_or_none()


def head_told(head: AuditChain | SharedAuditChain) -> dict[str, Any]:
    """Return a chain's end as it is kept elsewhere: which chain, how long, the hash of its last link."""
    if isinstance(head, SharedAuditChain):
        kind, chain = "partnership", head.partnership_id
    else:
        kind, chain = "organization", head.organization_id
    return {"chain": str(chain), "kind": kind, "length": head.length, "hash": head.head.hex()}


class Event(NamedTuple):
    """Something that was done, as one of the organizations concerned may know it; `user_id` only of its own people."""

    id: UUID
    verb: str
    subject: str
    subject_id: UUID
    partnership_id: UUID | None
    acting_organization_id: UUID
    user_id: UUID | None
    facts: Mapping[str, Any]
    happened_at: datetime


def event(actor: Actor, activity_id: UUID) -> Event | None:
    """Return one activity of the actor's organization, or of a partnership's other side, for a job that follows it."""
    sides = (SharedActivity.first_organization_id, SharedActivity.second_organization_id)
    either = or_(*(side == actor.organization_id for side in sides))
    shared = db.session().scalars(select(SharedActivity).where(SharedActivity.id == activity_id, either)).one_or_none()
    own = db.session().scalars(activities_seen_by(actor).where(Activity.id == activity_id)).one_or_none()
    found = own or shared
    if found is None:
        return None
    return Event(
        found.id,
        found.verb,
        found.subject,
        found.subject_id,
        shared.partnership_id if shared else None,
        shared.acting_organization_id if shared else actor.organization_id,
        own.user_id if own else None,
        found.facts,
        found.happened_at,
    )
