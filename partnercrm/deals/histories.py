"""The states a deal has been in: what each changed, what undoing the last one comes to, and how it stood. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from partnercrm.deals.registering import Involvement
from partnercrm.deals.stages import CLOSED, LossReason, Stage
from partnercrm.kernel.money import Money
from partnercrm.leads.bands import ValueBand


class DealAct(StrEnum):
    """What brought a deal into a state."""

    OPENED = "opened"
    MOVED = "moved"
    CHANGED = "changed"
    UNDONE = "undone"
    PASSED_ON = "passed_on"


class Facts(NamedTuple):
    """What both sides read of a deal at one time."""

    stage: Stage
    reason: LossReason | None
    value: Money | ValueBand
    currency: str
    close_on: date
    involvement: Involvement
    origin_id: UUID


class State(Protocol):
    """One state of a deal: which, who brought it there by what, since when, and the facts."""

    version: Any
    acting_id: Any
    act: Any
    happened_at: Any
    recorded_at: Any

    @property
    def facts(self) -> Facts:
        """What both sides read."""


class Difference(NamedTuple):
    """One fact that a change changed; `before` is None where the deal began or there was none."""

    field: str
    before: Any
    after: Any


_UNDOABLE: Final = frozenset({DealAct.MOVED, DealAct.CHANGED, DealAct.UNDONE})


def differences(before: Facts | None, after: Facts) -> list[Difference]:
    """Return what differs between two states, by field in their order; of the first state everything that is there."""
    was = before or (None,) * len(after)
    pairs = zip(Facts._fields, was, after, strict=True)
    return [Difference(name, one, other) for name, one, other in pairs if one != other]


def may_undo(last: State, before: State | None, organization_id: UUID) -> bool:
    """Tell whether a side may undo the last change: its own, of an open deal that it did not close or pass on."""
    is_own = before is not None and last.acting_id == organization_id and last.act in _UNDOABLE
    return is_own and last.facts.stage not in CLOSED


def as_of(states: Sequence[State], moment: datetime) -> State | None:
    """Return the state that was on record at a moment, whenever it is said to have happened; None before the first."""
    known = [state for state in states if state.recorded_at <= moment]
    return max(known, key=lambda state: state.version, default=None)


def compared(read: Facts | None, now: Facts, sent: Facts) -> list[dict[str, str | None]]:
    """Return, by field that is not the same in all three, what was read, what stands now, and what was sent."""
    was = read or now
    return [
        {"field": name, "read": written(one), "now": written(other), "sent": written(third)}
        for name, one, other, third in zip(Facts._fields, was, now, sent, strict=True)
        if not one == other == third
    ]


def written(value: Any) -> str | None:
    """Write a fact as text: an amount with its currency, a day, a name."""
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    return None if value is None else str(value)
