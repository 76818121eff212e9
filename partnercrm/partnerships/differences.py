"""What changes from one version of the terms to another, field by field. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from partnercrm.partnerships.tiers import Detail, Tier

SINGLE: Final = (
    *("kind", "share_given_percent", "tolerance_points", "measure", "window_months", "trust_advance"),
    *("response_hours", "offer_days", "follow_up_hours", "snooze_days", "value_disclosure"),
    *("review_hours", "review_default", "protection_days", "overlay_cap_percent"),
    *("moderator_email", "regions"),
)
SEVERAL: Final = ("goals", "criteria", "product_lines", "split_templates")


class Difference(NamedTuple):
    """One field that changes; of goals, criteria and product lines one item, None where there was or will be none."""

    field: str
    old: Any
    new: Any


class Agreed(Protocol):
    """Terms of any version, or proposed ones."""

    tiers: dict[Detail, Tier]


class _Item(Protocol):
    @property
    def id(self) -> UUID:
        """What it keeps from version to version."""


def differences(old: Agreed, new: Agreed) -> list[Difference]:
    """Return what is different, in the order in which terms are read."""
    single = (Difference(name, getattr(old, name), getattr(new, name)) for name in SINGLE)
    tiered = (Difference(f"tiers.{detail}", old.tiers[detail], new.tiers[detail]) for detail in Detail)
    several = (one for name in SEVERAL for one in _items(name, getattr(old, name), getattr(new, name)))
    return [one for group in (single, tiered, several) for one in group if one.old != one.new]


def _items(name: str, old: Sequence[_Item], new: Sequence[_Item]) -> Iterator[Difference]:
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    for key in dict.fromkeys((*before, *after)):
        yield Difference(name, before.get(key), after.get(key))
