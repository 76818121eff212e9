"""Removing what is past its time, in batches; every statement names the organization, as every wall does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast

from sqlalchemy import CursorResult, text

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Sweep:
    """Rows `r` past their time, as SQL from FROM on with `:organization_id` and `:before`, and what becomes of them.

    `done` speaks of the ids in `past`: it deletes, updates, or calls a step that returns how many it took. Rows that
    somebody is at work with are left for the next run.
    """

    rows: str
    done: str

    @classmethod
    def deleting(cls, table: str, past: str) -> Self:
        """Return the sweep that deletes rows of an owned table."""
        mine = "r.organization_id = :organization_id"
        return cls(
            f"FROM {table} r WHERE {mine} AND {past}",
            f"DELETE FROM {table} r USING past WHERE {mine} AND r.id = past.id",  # noqa: S608 - of the code's own words
        )

    def remove(self, actor: Actor, before: datetime, most: int) -> int:
        """Remove at most so many of them; return how many."""
        chosen = f"SELECT r.id {self.rows} LIMIT :most FOR UPDATE OF r SKIP LOCKED"
        ran = _run(f"WITH past AS ({chosen}) {self.done}", actor, before, most)
        return int(ran.scalar_one()) if ran.returns_rows else ran.rowcount

    def count(self, actor: Actor, before: datetime, most: int) -> int:
        """Return how many there are, up to `most`."""
        found = f"SELECT count(*) FROM (SELECT r.id {self.rows} LIMIT :most) AS found"  # noqa: S608
        return int(_run(found, actor, before, most).scalar_one())


@dataclass(frozen=True, slots=True)
class Several:
    """Several sweeps that are one kind to whoever keeps it."""

    sweeps: tuple[Sweep, ...]

    def remove(self, actor: Actor, before: datetime, most: int) -> int:
        """Remove at most so many of each; return how many."""
        return sum(sweep.remove(actor, before, most) for sweep in self.sweeps)

    def count(self, actor: Actor, before: datetime, most: int) -> int:
        """Return how many there are, up to `most`."""
        return min(most, sum(sweep.count(actor, before, most) for sweep in self.sweeps))


def _run(statement: str, actor: Actor, before: datetime, most: int) -> CursorResult[Any]:
    values = {"organization_id": actor.organization_id, "before": before, "most": most}
    return cast("CursorResult[Any]", db.session().execute(text(statement), values))
