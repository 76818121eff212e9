"""What is wrong with goals, exit criteria and product lines as proposed, every field by its name. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from partnercrm.kernel.errors import FieldError
from partnercrm.kernel.money import CURRENCIES
from partnercrm.partnerships.agreements import GoalMeasure


def unsound(
    terms: Mapping[str, Any], known: Mapping[str, Collection[UUID]], sides: Collection[UUID]
) -> list[FieldError]:
    """Return every wrong field of the lists proposed, `known` being the ids each list has in the terms agreed last."""
    ids = [wrong for name in known for wrong in _ids(name, terms.get(name, ()), known[name])]
    goals = [wrong for place, goal in enumerate(terms.get("goals", ())) for wrong in _goal(place, goal, sides)]
    return [*ids, *goals]


def _ids(name: str, items: Collection[Mapping[str, Any]], known: Collection[UUID]) -> Iterator[FieldError]:
    seen: set[UUID] = set()
    for place, item in enumerate(items):
        if "id" not in item:
            continue
        if item["id"] not in known:
            yield FieldError(f"terms.{name}.{place}.id", "There is none with this id in the terms agreed.")
        elif item["id"] in seen:
            yield FieldError(f"terms.{name}.{place}.id", "This id stands here twice.")
        seen.add(item["id"])


def _goal(place: int, goal: Mapping[str, Any], sides: Collection[UUID]) -> Iterator[FieldError]:
    if goal["organization_id"] is not None and goal["organization_id"] not in sides:
        yield FieldError(f"terms.goals.{place}.organization_id", "This is neither of the two partners.")
    if goal["from_on"] is not None and goal["from_on"] > goal["due_on"]:
        yield FieldError(f"terms.goals.{place}.from_on", "A goal counts from a day before it is due.")
    if goal["measure"] is GoalMeasure.WON_VALUE and goal["unit"] not in CURRENCIES:
        yield FieldError(f"terms.goals.{place}.unit", "Name the currency of the value won, such as EUR.")
