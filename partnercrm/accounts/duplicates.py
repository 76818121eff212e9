"""Whether two accounts of one organization are one company: plain rules over numbers, domains, names and places.

They propose, and a person decides; so they look for what is likely, not for what is proven.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.accounts import normalising
from partnercrm.accounts.numbers import Number
from partnercrm.accounts.shared_domains import SHARED

# What more accounts than this share tells of a group of companies, or of nothing.
MOST_ALIKE: Final = 20


class Reason(StrEnum):
    """Why two accounts seem to be one company."""

    NUMBER = "number"
    DOMAIN = "domain"
    NAME = "name"


class Known(NamedTuple):
    """What an account is recognised by; `key` is its name's `name_key`."""

    id: UUID
    key: str
    domains: frozenset[str]
    numbers: frozenset[Number]
    country: str | None
    city: str | None
    postal_code: str | None


def name_key(name: str) -> str:
    """Return what is the same for every usual way to write a company's name; "" where nothing of it tells."""
    return " ".join(sorted(normalising.name(name).words))[:200]


def telling(domains: Iterable[str]) -> frozenset[str]:
    """Return the domains that are a company's own: no mail provider's, no link page's."""
    return frozenset(domains) - SHARED


def reasons(left: Known, right: Known) -> tuple[Reason, ...]:
    """Return why two accounts seem to be one company; nothing where registers tell them apart, or nothing tells."""
    if left.numbers & right.numbers:
        return (Reason.NUMBER, *_further(left, right))
    return () if _told_apart(left.numbers, right.numbers) else _further(left, right)


def _further(left: Known, right: Known) -> tuple[Reason, ...]:
    found = []
    names = set(left.key.split()), set(right.key.split())
    if telling(left.domains) & telling(right.domains) and all(names) and (names[0] <= names[1] or names[1] <= names[0]):
        found.append(Reason.DOMAIN)
    if left.key and left.key == right.key and _in_one_place(left, right):
        found.append(Reason.NAME)
    return tuple(found)


def _told_apart(left: frozenset[Number], right: frozenset[Number]) -> bool:
    """Tell whether one register knows both, each by another number."""
    registers = {(one.scheme, one.country) for one in left}
    return any((one.scheme, one.country) in registers for one in right)


def _in_one_place(left: Known, right: Known) -> bool:
    if left.country and right.country and left.country != right.country:
        return False
    here, there = (_places(one) for one in (left, right))
    return not here or not there or bool(here & there)


def _places(one: Known) -> set[str]:
    return {" ".join(place.split()).casefold() for place in (one.city, one.postal_code) if place}
