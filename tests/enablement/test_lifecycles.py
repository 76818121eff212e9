"""Where a person stands at an item and in a programme: what every event makes of every state, from tables."""

from itertools import product

import pytest

from partnercrm.enablement.items import Outcome
from partnercrm.enablement.standing import Course, Edition, ItemState, Result, Status
from tests.enablement.test_standing import course, edition, result, stands, state

# What brings an item into each state by day 50, where what was passed holds for 100 days and is renewable 30 before.
EDITIONS = (edition(),)
REOPENED = (edition(), edition(2, 45, reopens=True))
BEFORE: dict[str, tuple[tuple[Edition, ...], list[Result]]] = {
    "missing": (EDITIONS, []),
    "started": (EDITIONS, [result(10, Outcome.OPENED)]),
    "done": (EDITIONS, [result(10)]),
    "renewable": (EDITIONS, [result(-25)]),
    "expired": (EDITIONS, [result(-60)]),
    "reopened": (REOPENED, [result(10)]),
}
# In the order of: begun, failed, passed, revoked, a new edition, one that reopens it, and 70 days in which nothing is.
EVENTS = ("opened", "failed", "passed", "revoked", "edited", "reopening", "later")
AFTER = {
    "missing": ("started", "started", "done", "started", "missing", "missing", "missing"),
    "started": ("started", "started", "done", "started", "started", "started", "started"),
    "done": ("done", "done", "done", "started", "done", "reopened", "expired"),
    "renewable": ("renewable", "renewable", "done", "started", "renewable", "reopened", "expired"),
    "expired": ("expired", "expired", "done", "started", "expired", "reopened", "expired"),
    "reopened": ("reopened", "reopened", "done", "started", "reopened", "reopened", "reopened"),
}
# The status of who must know two items, by where they stand at each; who was told and did nothing is aware.
OF_TWO = {
    "missing": ("unaware", "in_progress", "in_progress", "in_progress", "in_progress", "in_progress"),
    "started": ("in_progress", "in_progress", "in_progress", "in_progress", "in_progress", "in_progress"),
    "done": ("in_progress", "in_progress", "enabled", "enabled", "expired", "expired"),
    "renewable": ("in_progress", "in_progress", "enabled", "enabled", "expired", "expired"),
    "expired": ("in_progress", "in_progress", "expired", "expired", "expired", "expired"),
    "reopened": ("in_progress", "in_progress", "expired", "expired", "expired", "expired"),
}


def _course(before: str, place: int = 0) -> tuple[Course, list[Result]]:
    editions, results = BEFORE[before]
    return course(*editions, place=place), [one._replace(item_id=course(place=place).id) for one in results]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("before", ItemState)
def test_every_event_makes_of_every_state_of_an_item_what_the_table_says(before: ItemState, event: str) -> None:
    (found, results), at = _course(before.value), 120.0 if event == "later" else 51.0
    assert state(found, results, 50) is before
    number = found.editions[-1].number
    editions = list(found.editions)
    if event in {"edited", "reopening"}:
        editions.append(edition(number + 1, 50.5, reopens=event == "reopening"))
    elif event != "later":
        results.append(result(50.5, Outcome(event), number=number))

    assert state(course(*editions), results, at) == AFTER[before.value][EVENTS.index(event)]


@pytest.mark.parametrize(("one", "other"), list(product(ItemState, ItemState)))
def test_a_persons_status_follows_from_both_items_they_must_know(one: ItemState, other: ItemState) -> None:
    (first, of_first), (second, of_second) = _course(one.value), _course(other.value, place=1)
    expected = OF_TWO[one.value][list(ItemState).index(other)]
    told = "aware" if expected == "unaware" else expected

    assert stands([first, second], of_first + of_second, 50) is Status(expected)
    assert stands([first, second], of_first + of_second, 50, told=1) is Status(told)
    assert stands([first, second], of_first + of_second, 50, told=60) is Status(expected)
