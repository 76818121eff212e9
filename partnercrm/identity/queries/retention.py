"""How long an organization keeps what, what the last run removed, and what the next one will."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from partnercrm.identity.models import Retention
from partnercrm.identity.retention import Kind, kinds
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

COUNTED_UP_TO: Final = 1000


@dataclass(frozen=True, slots=True)
class KindKept:
    """One kind of data: for how long it is kept, how much of it the last run removed and the next one will."""

    of: Kind
    days: int
    removed: int | None
    due: int | None

    @property
    def kind(self) -> str:
        """What the kind is called in requests."""
        return self.of.name

    @property
    def default_days(self) -> int:
        """For how long it is kept unless the organization says otherwise."""
        return self.of.days

    @property
    def least_days(self) -> int:
        """The shortest it can be kept."""
        return self.of.least

    @property
    def most_days(self) -> int:
        """The longest it can be kept."""
        return self.of.most


@dataclass(frozen=True, slots=True)
class Kept:
    """What an organization keeps for how long, and when the last run was."""

    organization_id: UUID
    version: int
    ran_at: datetime | None
    kinds: Sequence[KindKept]

    @property
    def version_tag(self) -> str:
        """The version of the periods, as an ETag names it; what a run removes changes none of them."""
        return f"{self.organization_id.hex}.{self.version}"


def retention_seen_by(actor: Actor) -> Select[Retention]:
    """Return the retention of the actor's own organization, if anything was ever set or removed."""
    return select(Retention).where(Retention.organization_id == actor.organization_id)


def stored(actor: Actor, *, lock: bool = False) -> Retention | None:
    """Return what is stored of the organization's retention."""
    rows = retention_seen_by(actor)
    return db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()


def periods(actor: Actor) -> Mapping[str, int]:
    """Return for how many days the organization keeps each kind."""
    chosen = (found.periods if (found := stored(actor)) else {}) or {}
    return {kind.name: chosen.get(kind.name, kind.days) for kind in kinds()}


def period(actor: Actor, name: str) -> timedelta:
    """Return for how long the organization keeps one kind."""
    return timedelta(days=periods(actor)[name])


def retention(actor: Actor) -> Kept:
    """Return the organization's periods with what the last run removed and the next one, a day from now, will."""
    found, days = stored(actor), periods(actor)
    removed = found.removed if found and found.ran_at else {}
    tomorrow = clock.now() + timedelta(days=1)
    shown = [
        KindKept(
            kind,
            days[kind.name],
            removed.get(kind.name, 0) if kind.counted and found and found.ran_at else None,
            kind.remover.count(actor, tomorrow - timedelta(days=days[kind.name]), COUNTED_UP_TO)
            if kind.counted
            else None,
        )
        for kind in kinds()
    ]
    return Kept(actor.organization_id, found.version if found else 0, found.ran_at if found else None, shown)
