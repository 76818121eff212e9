"""What whoever oversees exchanges does next: a few things, the most urgent first. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from enum import StrEnum
from typing import Final, Generic, NamedTuple, TypeVar

MOST: Final = 3


class ToDo(StrEnum):
    """What there is to do, the most urgent first: a customer waits, then both sides, then one's own turn."""

    ANSWER_LATE = "answer_late"
    SETTLE_OVERDUE = "settle_overdue"
    LOOK_FOR_CAUSE = "look_for_cause"
    ANSWER = "answer"
    GIVE = "give"
    ASK_PARTNER = "ask_partner"


Where = TypeVar("Where", bound=Hashable)


class Seen(NamedTuple, Generic[Where]):
    """How an exchange stands for one side: counts of what waits, of cases, and of leads to give."""

    where: Where
    late_here: int = 0
    waiting_here: int = 0
    late_there: int = 0
    overdue: int = 0
    searches: int = 0
    to_give: int = 0


class Next(NamedTuple, Generic[Where]):
    """One thing to do in one exchange, and how many of it."""

    what: ToDo
    where: Where
    number: int


def next_steps(seen: Iterable[Seen[Where]], most: int = MOST) -> Sequence[Next[Where]]:
    """Return what to do next over all exchanges: at most `most` things, the most urgent first, then the larger."""
    found = [Next(what, one.where, number) for one in seen for what, number in _of(one) if number > 0]
    order = list(ToDo)
    return sorted(found, key=lambda one: (order.index(one.what), -one.number))[:most]


def _of(seen: Seen[Where]) -> Iterable[tuple[ToDo, int]]:
    """Yield what there is to do; what is late is told as that alone."""
    yield ToDo.ANSWER_LATE, seen.late_here
    yield ToDo.SETTLE_OVERDUE, seen.overdue
    yield ToDo.LOOK_FOR_CAUSE, seen.searches
    yield ToDo.ANSWER, seen.waiting_here - seen.late_here
    yield ToDo.GIVE, seen.to_give
    yield ToDo.ASK_PARTNER, seen.late_there
