"""What the terms hold several of: goals, exit criteria, product lines; each keeps its id over the versions. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID


class PartnershipKind(StrEnum):
    """What kind of partnership both sides say they have."""

    REFERRAL = "referral"
    CO_SELL = "co_sell"
    RESELL = "resell"
    TECHNOLOGY = "technology"
    SERVICES = "services"
    STRATEGIC = "strategic"


class Phase(StrEnum):
    """How far a partnership has come."""

    PROOF_OF_CONCEPT = "proof_of_concept"
    PILOT = "pilot"
    ROLL_OUT = "roll_out"


class GoalMeasure(StrEnum):
    """What a goal counts: leads given and what became of them, the value won, or what a side enters."""

    LEADS_GIVEN = "leads_given"
    LEADS_ACCEPTED = "leads_accepted"
    LEADS_QUALIFIED = "leads_qualified"
    LEADS_WON = "leads_won"
    WON_VALUE = "won_value"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Goal:
    """A number to be reached by a day, together (`organization_id` None) or by one side; `unit` is what it counts.

    `won_value` counts whole units of the currency that `unit` names.
    """

    id: UUID
    text: str
    measure: GoalMeasure
    target: int
    unit: str | None
    from_on: date | None
    due_on: date
    organization_id: UUID | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What must be met before a phase is left, and by which number or sight that is shown."""

    id: UUID
    phase: Phase
    text: str
    shown_by: str | None
    due_on: date


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product line the partnership is about."""

    id: UUID
    name: str


Item = TypeVar("Item", Goal, Criterion, ProductLine)
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "id": UUID,
    "organization_id": UUID,
    "from_on": date.fromisoformat,
    "due_on": date.fromisoformat,
    "measure": GoalMeasure,
    "phase": Phase,
}


def written(item: object) -> dict[str, Any]:
    """Return an item as JSON values."""
    return {one.name: _plain(getattr(item, one.name)) for one in fields(item)}  # type: ignore[arg-type]


def read(kind: type[Item], values: Mapping[str, Any]) -> Item:
    """Return the item that `written` wrote."""
    return kind(**{one.name: _rich(one.name, values[one.name]) for one in fields(kind)})


def _rich(name: str, value: Any) -> Any:
    return _READ[name](value) if value is not None and name in _READ else value


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
