"""Where a person stands in a programme as of a moment, derived from the items as they were and what happened by then.

Pure: values in, values out. Nothing about a person's standing is stored, so nothing can disagree with the results.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.enablement.items import Outcome


class Status(StrEnum):
    """The lifecycle of a person in a programme."""

    UNAWARE = "unaware"
    AWARE = "aware"
    IN_PROGRESS = "in_progress"
    ENABLED = "enabled"
    EXPIRED = "expired"


class ItemState(StrEnum):
    """Where a person stands at one item."""

    MISSING = "missing"
    STARTED = "started"
    DONE = "done"
    RENEWABLE = "renewable"
    EXPIRED = "expired"
    REOPENED = "reopened"


KNOWN: Final = frozenset({ItemState.DONE, ItemState.RENEWABLE})
_LAPSED: Final = frozenset({ItemState.EXPIRED, ItemState.REOPENED})


class Edition(NamedTuple):
    """An item as it is from a moment on: for whom, whether they must know it, whether what was known before counts."""

    number: int
    since: datetime
    roles: frozenset[str]
    is_must_know: bool
    reopens: bool
    valid_days: int | None
    renew_days: int


@dataclass(frozen=True, slots=True)
class Course:
    """An item through time: its editions, oldest first, and since when it is put away."""

    id: UUID
    editions: Sequence[Edition]
    archived_at: datetime | None = None

    def at(self, moment: datetime) -> Edition | None:
        """Return the edition in force at a moment; None before the first, and once it is put away."""
        if self.archived_at is not None and self.archived_at <= moment:
            return None
        return next((one for one in reversed(self.editions) if one.since <= moment), None)

    def reopened_by(self, moment: datetime) -> int:
        """Return the number of the last edition by a moment that reopened the item; 0 where none did."""
        return max((one.number for one in self.editions if one.reopens and one.since <= moment), default=0)


class Result(NamedTuple):
    """What happened between the person and an item: at which edition, when, and how long it was said to hold."""

    item_id: UUID
    edition: int
    outcome: Outcome
    happened_at: datetime
    valid_until: datetime | None = None


class ItemStanding(NamedTuple):
    """Where the person stands at one item, until when, and from when on it can be renewed; None: without end."""

    state: ItemState
    until: datetime | None = None
    renewable_from: datetime | None = None


class Standing(NamedTuple):
    """Where a person stands: the status, every item that concerns them, and which must-know ones are missing."""

    status: Status
    items: Mapping[UUID, ItemStanding]
    missing: tuple[UUID, ...]


def standing(
    courses: Iterable[Course],
    results: Collection[Result],
    *,
    roles: Collection[str],
    told_at: datetime | None,
    at: datetime,
) -> Standing:
    """Return where somebody with these roles stood at a moment; the order of results and items does not matter.

    Unaware is who was never told and did nothing; enabled is who knows all that their roles must know. Who once did
    and lost it, because time ran out or a new edition reopened it, is expired. Nothing that happened later counts.
    """
    by_then = [one for one in results if one.happened_at <= at]
    concerned = [(one, edition) for one in courses if (edition := one.at(at)) and edition.roles & set(roles)]
    items = {one.id: state_of(one, edition, by_then, at) for one, edition in concerned}
    needed = sorted((one.id for one, edition in concerned if edition.is_must_know), key=str)
    missing = tuple(one for one in needed if items[one].state not in KNOWN)
    is_told = (told_at is not None and told_at <= at) or bool(by_then)
    states = [items[one].state for one in needed]
    return Standing(_status(states, is_told=is_told), items, missing)


def _status(states: Sequence[ItemState], *, is_told: bool) -> Status:
    """Return the status of who stands so at each item they must know."""
    missing = [state for state in states if state not in KNOWN]
    if states and not missing:
        return Status.ENABLED
    if missing and all(state in _LAPSED for state in missing):
        return Status.EXPIRED
    if any(state is not ItemState.MISSING for state in states):
        return Status.IN_PROGRESS
    return Status.AWARE if is_told else Status.UNAWARE


def state_of(course: Course, edition: Edition, results: Iterable[Result], at: datetime) -> ItemStanding:
    """Return where a person with these results, all by that moment, stood at one item in the edition in force then."""
    mine = [one for one in results if one.item_id == course.id]
    revoked_at = max((one.happened_at for one in mine if one.outcome is Outcome.REVOKED), default=None)
    passed = [
        one for one in mine if one.outcome is Outcome.PASSED and (revoked_at is None or one.happened_at > revoked_at)
    ]
    counted = [one for one in passed if one.edition >= course.reopened_by(at)]
    if not passed:
        return ItemStanding(ItemState.STARTED if mine else ItemState.MISSING)
    if not counted:
        return ItemStanding(ItemState.REOPENED)
    ends = [_end(one, edition) for one in counted]
    until = None if None in ends else max(end for end in ends if end is not None)
    if until is None:
        return ItemStanding(ItemState.DONE)
    renewable_from = until - timedelta(days=edition.renew_days)
    if at >= until:
        return ItemStanding(ItemState.EXPIRED, until, renewable_from)
    state = ItemState.RENEWABLE if at >= renewable_from else ItemState.DONE
    return ItemStanding(state, until, renewable_from)


def _end(passed: Result, edition: Edition) -> datetime | None:
    """Return when what was passed no longer holds: as it was said, else after the days the item is valid."""
    if passed.valid_until is not None:
        return passed.valid_until
    return None if edition.valid_days is None else passed.happened_at + timedelta(days=edition.valid_days)
