"""What is wrong with goals, exit criteria, product lines and templates as proposed, every field by its name. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from partnercrm.kernel.errors import FieldError, Told
from partnercrm.kernel.money import CURRENCIES
from partnercrm.partnerships.agreements import GoalMeasure, SplitTemplate
from partnercrm.partnerships.percents import PERCENT


def unsound(
    terms: Mapping[str, Any], known: Mapping[str, Collection[UUID]], sides: Collection[UUID]
) -> list[FieldError]:
    """Return every wrong field of the lists proposed, `known` being the ids each list has in the terms agreed last."""
    ids = [wrong for name in known for wrong in _ids(name, terms.get(name, ()), known[name])]
    goals = [wrong for place, goal in enumerate(terms.get("goals", ())) for wrong in _goal(place, goal, sides)]
    return [*ids, *goals, *_templates(terms.get("split_templates", ()), sides)]


def beyond_cap(templates: Iterable[SplitTemplate], cap_percent: int) -> list[FieldError]:
    """Return which templates give more overlay than is agreed at most."""
    return [
        FieldError(
            f"terms.split_templates.{place}.source_overlay",
            Told("Both overlays together are more than the agreed %(cap)d %%.", cap=cap_percent),
        )
        for place, one in enumerate(templates)
        if one.source_overlay + one.partner_overlay > cap_percent * PERCENT
    ]


def _templates(items: Collection[Mapping[str, Any]], sides: Collection[UUID]) -> Iterator[FieldError]:
    """Yield what is wrong with templates: for one case there is one, and a fee has who pays it."""
    seen = set()
    for place, one in enumerate(items):
        at = f"terms.split_templates.{place}"
        if one["origin_id"] is not None and one["origin_id"] not in sides:
            yield FieldError(f"{at}.origin_id", "This is neither of the two partners.")
        if (case := (one["origin_id"], one["role"], one["from_stage"])) in seen:
            yield FieldError(f"{at}.from_stage", "Another template is for this side, role and stage already.")
        seen.add(case)
        for fee, payer in (("referral_fee", "referral_payer"), ("revenue_share", "revenue_payer")):
            if one[fee] is not None and one[payer] is None:
                yield FieldError(f"{at}.{payer}", "Say which side pays this.")
            if one[payer] is not None and one[fee] is None:
                yield FieldError(f"{at}.{fee}", "Say how much is paid.")


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
