"""Who is asked first about a received lead: ordered rules, round robin, and a fallback, so that nothing lands nowhere.

Pure. A rule that fits gives the lead to who of its people was asked longest ago and is free; where nobody is, the next
rule that fits is asked. What no rule finds anybody for falls to the partner managers: that is the caller's to do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Bar(StrEnum):
    """Why a person is passed over; a further condition on who may be asked is one more of these."""

    LEFT = "left"
    MAY_NOT_ANSWER = "may_not_answer"
    NO_MEMBER = "no_member"
    AWAY = "away"
    FULL = "full"
    NOT_ENABLED = "not_enabled"


# How much somebody works, when they are away, what they know: nobody else's to read without the works agreement.
PRIVATE = frozenset({Bar.AWAY, Bar.FULL, Bar.NOT_ENABLED})


@dataclass(frozen=True, slots=True)
class Teaser:
    """What rules may look at: what the receiver reads before it accepts."""

    partnership_id: UUID
    country: str | None = None
    industry: str | None = None
    product_line_id: UUID | None = None
    size_band: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """For which leads it holds (empty: for all), and who is asked: people by name, a team, or both."""

    id: UUID
    partnership_id: UUID | None = None
    countries: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    product_line_id: UUID | None = None
    size_bands: tuple[str, ...] = ()
    user_ids: tuple[UUID, ...] = ()
    team_id: UUID | None = None
    most_open: int | None = None
    only_enabled: bool = False


class Candidate(NamedTuple):
    """One of a rule's people: when they were asked last (0: never), and what keeps them from being asked now."""

    user_id: UUID
    last: int = 0
    bar: Bar | None = None


class Tried(NamedTuple):
    """A rule that fits, and its people in the order in which they are asked."""

    rule: Rule
    candidates: Sequence[Candidate]

    @property
    def free(self) -> UUID | None:
        """Who is asked; None where nobody is free."""
        return next((one.user_id for one in self.candidates if one.bar is None), None)


def fits(rule: Rule, teaser: Teaser) -> bool:
    """Tell whether a rule holds for a lead: in all it names, and a lead that does not say is not what it names."""
    return (
        rule.partnership_id in {None, teaser.partnership_id}
        and rule.product_line_id in {None, teaser.product_line_id}
        and (not rule.countries or teaser.country in rule.countries)
        and (not rule.size_bands or teaser.size_band in rule.size_bands)
        and (not rule.industries or (teaser.industry or "").casefold() in {one.casefold() for one in rule.industries})
    )


def in_turn(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return people in the order in which they are asked: who was asked longest ago first, else as they were named."""
    return sorted(candidates, key=lambda one: one.last)


def tried(rules: Sequence[Rule], teaser: Teaser, candidates: Callable[[Rule], Sequence[Candidate]]) -> Iterator[Tried]:
    """Yield the rules that fit, in their order, up to the first that has somebody free."""
    for rule in rules:
        if fits(rule, teaser):
            one = Tried(rule, in_turn(candidates(rule)))
            yield one
            if one.free is not None:
                return
