"""How much of a side is enabled, told so that nobody learns of one person: in tenths, of eight people at least."""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeVar

from partnercrm.identity.agreements import GROUP_MINIMUM

Key = TypeVar("Key")
_STEP: Final = 10


class Counted(NamedTuple):
    """How many people there are, and how many of them are enabled."""

    people: int
    enabled: int


class Group(NamedTuple):
    """Teams, or regions, that are told together."""

    keys: tuple[object, ...]
    counted: Counted


def share(counted: Counted) -> int | None:
    """Return the share of enabled people in per cent, to the nearest tenth; None of fewer than eight people.

    Neither nobody nor everybody is ever told, for either would be told of each of them: 10 means a tenth or fewer, 90
    nine tenths or more.
    """
    if counted.people < GROUP_MINIMUM:
        return None
    tenths = (2 * 10 * counted.enabled + counted.people) // (2 * counted.people)
    return _STEP * min(max(tenths, 1), 9)


def groups(parts: Mapping[Key, Counted]) -> list[Group]:
    """Return groups of at least eight people, so that no sum or difference of what is shown is of fewer.

    Parts with enough stand alone, the others are told together; what is too few even so joins the smallest that
    stands alone. None where there are fewer than eight in all.
    """
    alone = [[key] for key in sorted(parts, key=str) if parts[key].people >= GROUP_MINIMUM]
    others = [key for key in sorted(parts, key=str) if parts[key].people < GROUP_MINIMUM]
    if sum(parts[key].people for key in others) >= GROUP_MINIMUM:
        alone.append(others)
    elif others and alone:
        min(alone, key=lambda keys: (parts[keys[0]].people, str(keys[0]))).extend(others)
    return [Group(tuple(keys), _summed([parts[key] for key in keys])) for keys in alone]


def _summed(parts: list[Counted]) -> Counted:
    return Counted(sum(one.people for one in parts), sum(one.enabled for one in parts))
