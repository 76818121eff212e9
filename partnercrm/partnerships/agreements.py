"""What the terms hold several of: goals, exit criteria, product lines, templates of splits. Pure.

Each keeps its id over the versions.
"""

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


class PartnerRole(StrEnum):
    """What the side that did not create a deal does in it, or that it only referred the customer."""

    REFERRAL = "referral"
    CO_SELL = "co_sell"
    TECHNICAL = "technical"
    DELIVERY = "delivery"
    RESALE = "resale"


class EntryStage(StrEnum):
    """At which stage of a deal the partner came in."""

    PROSPECT = "prospect"
    QUALIFIED = "qualified"
    TECHNICAL_VALIDATION = "technical_validation"
    BUSINESS_VALIDATION = "business_validation"
    COMMITTED = "committed"


class Payer(StrEnum):
    """Which side of a deal pays a fee to the other: that which created the deal, or its partner."""

    SOURCE = "source"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class SplitTemplate:
    """How deals are shared that one side created (`origin_id`; None: either), by role and the partner's entry.

    It is for partners who came in at `from_stage` or later. Shares and rates are integer millionths; the partner has
    what `source_split` leaves. A fee that is None is not agreed.
    """

    id: UUID
    name: str
    origin_id: UUID | None
    role: PartnerRole
    from_stage: EntryStage
    source_split: int
    source_overlay: int
    partner_overlay: int
    referral_fee: int | None
    referral_payer: Payer | None
    revenue_share: int | None
    revenue_payer: Payer | None


SEVERAL: Final = (Goal, Criterion, ProductLine, SplitTemplate)
Item = TypeVar("Item", Goal, Criterion, ProductLine, SplitTemplate)
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "id": UUID,
    "organization_id": UUID,
    "from_on": date.fromisoformat,
    "due_on": date.fromisoformat,
    "measure": GoalMeasure,
    "phase": Phase,
    "origin_id": UUID,
    "role": PartnerRole,
    "from_stage": EntryStage,
    "referral_payer": Payer,
    "revenue_payer": Payer,
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
