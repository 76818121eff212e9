"""Reading all that happened with a deal in one order: its states, what was logged, written and put there."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from partnercrm.deals.histories import differences
from partnercrm.deals.models.deals import DealEvent, DealVersion
from partnercrm.deals.models.files import DealFile
from partnercrm.deals.models.work import DealEntry
from partnercrm.deals.queries import selling
from partnercrm.deals.queries.files import deal_files_seen_by
from partnercrm.deals.queries.selling import StateSeen
from partnercrm.deals.queries.working import deal_entries_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


class Told(StrEnum):
    """What a line of a timeline tells of."""

    STATE = "state"
    LOGGED = "logged"
    ENTRY = "entry"
    FILE = "file"


class Line(NamedTuple):
    """One thing that happened: when it was recorded, what it is, which side did it, and the thing itself."""

    at: datetime
    told: Told
    organization_id: UUID
    thing: Any


class Timeline(NamedTuple):
    """Some lines, newest first; `before` is where the next ones begin, None at the end."""

    lines: Sequence[Line]
    before: datetime | None


def timeline(actor: Actor, deal_id: UUID, before: datetime | None, most: int) -> Timeline:
    """Return what was recorded of a deal before a moment, about `most` lines; of one moment all or none.

    Raises NotFound.
    """
    selling.deal(actor, deal_id)
    lines: list[Line] = []
    for told, rows, at, side in _sources(actor, deal_id):
        older = rows if before is None else rows.where(at < before)
        found = db.session().scalars(older.order_by(at.desc()).limit(most + 1)).all()
        when = attrgetter(at.key)
        lines += [Line(when(one), told, getattr(one, side), one) for one in found]
    lines.sort(key=lambda line: (line.at, line.told), reverse=True)
    last = lines[most - 1].at if len(lines) > most else None
    shown = [line for line in lines if last is None or line.at >= last]
    return Timeline(_with_changes(actor, deal_id, shown), last if len(shown) < len(lines) else None)


_Source = tuple[Told, Select[Any], InstrumentedAttribute[datetime], str]
_OURS: Final = "organization_id"


def _sources(actor: Actor, deal_id: UUID) -> Sequence[_Source]:
    """Return where lines come from: the rows, by which moment they are ordered, and who did it."""
    written = deal_entries_seen_by(actor).where(DealEntry.deal_id == deal_id).options(joinedload(DealEntry.author))
    put = deal_files_seen_by(actor).where(DealFile.deal_id == deal_id).options(joinedload(DealFile.author))
    states = selling.deal_versions_seen_by(actor).where(DealVersion.deal_id == deal_id)
    logged = selling.deal_events_seen_by(actor).where(DealEvent.deal_id == deal_id)
    return (
        (Told.STATE, states, DealVersion.recorded_at, "acting_id"),
        (Told.LOGGED, logged, DealEvent.recorded_at, _OURS),
        (Told.ENTRY, written, DealEntry.added_at, _OURS),
        (Told.FILE, put, DealFile.added_at, _OURS),
    )


def _with_changes(actor: Actor, deal_id: UUID, lines: Sequence[Line]) -> list[Line]:
    """Return the lines, each state with what it changed of the one before."""
    versions = [line.thing.version for line in lines if line.told is Told.STATE]
    rows = selling.deal_versions_seen_by(actor).where(
        DealVersion.deal_id == deal_id, DealVersion.version.in_([version - 1 for version in versions])
    )
    facts = {one.version: one.facts for one in db.session().scalars(rows)}
    return [
        line._replace(thing=StateSeen(line.thing, differences(facts.get(line.thing.version - 1), line.thing.facts)))
        if line.told is Told.STATE
        else line
        for line in lines
    ]
