"""The facts of an exchange as they were known at a moment: kept by month where nothing moved since, else recounted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Numeric,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    select,
    text,
)

from partnercrm.kernel import db
from partnercrm.leads.facts import Fact, Facts

_month: ColumnElement[str] = func.to_char(column("month", Date()), "YYYY-MM")
_told = func.step_exchange_facts(bindparam("partnership_id"), bindparam("as_of"))
_NAMES: Final = ("kind", "name", "reason", "currency")
_COUNTS: Final = ("size", "leads", "among", "still_open", "repeated")
_FACTS: Final[Select[*tuple[object, ...]]] = select(
    _month,
    column("giver_id", Uuid()),
    *(column(name, Text()) for name in _NAMES),
    *(column(name, BigInteger()) for name in _COUNTS),
    column("minor", Numeric()),
    column("seconds"),
).select_from(_told)
# The same of several exchanges in one question, each fact behind whose it is.
_OF_EACH: Final = text(
    """
    SELECT asked.id, to_char(told.month, 'YYYY-MM'), told.giver_id, told.kind, told.name, told.reason, told.currency,
           told.size, told.leads, told.among, told.still_open, told.repeated, told.minor, told.seconds
    FROM unnest(CAST(:partnerships AS uuid[])) AS asked (id), step_exchange_facts(asked.id, :as_of) AS told
    """
)


def facts(partnership_id: UUID, as_of: datetime) -> Facts:
    """Return what was known of an exchange at `as_of`, the same for both its sides and nothing for others."""
    found = db.rows(_FACTS, {"partnership_id": partnership_id, "as_of": as_of})
    return Facts(map(Fact._make, found))


def facts_of_each(partnership_ids: Sequence[UUID], as_of: datetime) -> Mapping[UUID, Facts]:
    """Return what was known of several exchanges at `as_of`, by partnership, in one question."""
    found: dict[UUID, list[Fact]] = {one: [] for one in partnership_ids}
    for partnership_id, *fact in db.rows(_OF_EACH, {"partnerships": list(partnership_ids), "as_of": as_of}):
        found[partnership_id].append(Fact(*fact))
    return {one: Facts(told) for one, told in found.items()}


def unsettled() -> Sequence[tuple[UUID, UUID]]:
    """Return (organization, partnership) of exchanges of which something was recorded since they were rolled up."""
    return _swept(settled=False)


def settled() -> Sequence[tuple[UUID, UUID]]:
    """Return (organization, partnership) of exchanges that were rolled up at any time."""
    return _swept(settled=True)


def _swept(*, settled: bool) -> Sequence[tuple[UUID, UUID]]:
    found = db.rows(text("SELECT * FROM sweep_unsettled(:settled)"), {"settled": settled})
    return [(organization_id, partnership_id) for organization_id, partnership_id in found]
