"""Where a joint account stands, who may take it further, and which of several is the company that was named; pure."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.accounts.numbers import Number
from partnercrm.accounts.shared_domains import SHARED

MOST_IDENTIFIERS: Final = 20


class JointStatus(StrEnum):
    """Where a joint account stands: proposed by one side, open by both sides' will, closed by either's."""

    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"


class Known(NamedTuple):
    """By what a joint account of a partnership is recognised."""

    id: UUID
    name: str | None
    country: str | None
    domains: frozenset[str]
    numbers: frozenset[Number]


class Named(NamedTuple):
    """The company that somebody wants to work on: what it is called, and by what it is recognised."""

    name: str
    country: str | None
    domains: frozenset[str]
    numbers: frozenset[Number]


_BY_PROPOSER: Final = frozenset({(JointStatus.PROPOSED, JointStatus.CLOSED)})
_BY_OTHER: Final = frozenset({(JointStatus.PROPOSED, JointStatus.OPEN), (JointStatus.PROPOSED, JointStatus.CLOSED)})
_BY_EITHER: Final = frozenset({(JointStatus.OPEN, JointStatus.CLOSED), (JointStatus.CLOSED, JointStatus.PROPOSED)})


def may_go(status: JointStatus, to: JointStatus, *, by_proposer: bool) -> bool:
    """Tell whether the side that proposed a joint account, or the other one, may take it there."""
    return (status, to) in _BY_EITHER | (_BY_PROPOSER if by_proposer else _BY_OTHER)


def telling(domains: Collection[str]) -> frozenset[str]:
    """Return the domains that say which company it is: not where anybody has a mailbox or a page."""
    return frozenset(domains) - SHARED


def standing(named: Named, known: Collection[Known]) -> UUID | None:
    """Return which joint account is the company named: one with a register number in common, else with a domain.

    Of several it is the one with the smallest id, which was proposed first. Where neither the one named nor the one
    known says any number or domain, the same name in the same country is the same company.
    """
    oldest = sorted(known)
    for is_it in (_has_number, _has_domain, _is_called):
        found = next((one.id for one in oldest if is_it(named, one)), None)
        if found is not None:
            return found
    return None


def _has_number(named: Named, known: Known) -> bool:
    return bool(named.numbers & known.numbers)


def _has_domain(named: Named, known: Known) -> bool:
    return bool(named.domains & known.domains)


def _is_called(named: Named, known: Known) -> bool:
    is_said = named.domains or named.numbers or known.domains or known.numbers
    is_like = known.name is not None and named.name.casefold() == known.name.casefold()
    return not is_said and is_like and named.country == known.country
