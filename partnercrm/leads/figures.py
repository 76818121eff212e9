"""Figures of people and teams: what is counted, and into which groups a month is divided before anybody sees it.

The division is made once, from the whole company, and each figure belongs to exactly one group. Whatever is added or
taken off each other is therefore again a sum over whole groups, each of at least the minimum of contributing people.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from partnercrm.identity.agreements import GROUP_MINIMUM


class Figure(StrEnum):
    """What is counted in a month: of leads given, what became of them; of leads taken on, how fast."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    QUALIFIED = "qualified"
    WON = "won"
    ANSWERED = "answered"
    IN_TIME = "in_time"
    RESPONSE_HOURS = "response_hours"


class Contribution(NamedTuple):
    """What one of the company's people added to a figure in a month, be it nothing, and the team they were in then."""

    user_id: UUID
    team_id: UUID | None
    amount: int


class Group(NamedTuple):
    """Teams whose figure is shown as one; None stands for people without a team."""

    teams: frozenset[UUID | None]
    amount: int


_Teams = list[UUID | None]
_Counts = Mapping[UUID | None, int]


def groups(company: Collection[Contribution], teams: Collection[UUID] = ()) -> list[Group]:
    """Divide a month's figure into groups of at least eight contributing people; none when there are fewer in all.

    Every team of the company is in a group, also one in which nobody contributed or is: who reads in which group a
    team is told learns nothing of its people. First teams are put together by how many they are, whatever they did:
    one with enough stands alone, the others are one group. Then groups to which fewer than eight contributed are put
    together in the same way. What is too few even so joins the smallest that stands alone, so that the company's
    total less what is shown never tells them.
    """
    by_team: dict[UUID | None, dict[UUID, int]] = {team: {} for team in teams}
    for one in company:
        people = by_team.setdefault(one.team_id, {})
        people[one.user_id] = people.get(one.user_id, 0) + one.amount
    there = {team: len(people) for team, people in by_team.items()}
    gave = {team: sum(map(bool, people.values())) for team, people in by_team.items()}
    each: list[_Teams] = [[team] for team in sorted(by_team, key=str)]
    divided = _together(_together(each, there, there), gave, there)
    return [Group(frozenset(unit), sum(sum(by_team[team].values()) for team in unit)) for unit in divided]


def _together(units: Sequence[_Teams], counted: _Counts, there: _Counts) -> list[_Teams]:
    """Put the units together of which too few are counted; where they are too few even so, with that of fewest people.

    None where that leaves too few in all.
    """
    alone = [unit for unit in units if _sum(counted, unit) >= GROUP_MINIMUM]
    others = [team for unit in units if unit not in alone for team in unit]
    if _sum(counted, others) >= GROUP_MINIMUM:
        return [*alone, others]
    if others and alone:
        min(alone, key=lambda unit: (_sum(there, unit), str(unit[0]))).extend(others)
    return alone


def _sum(counted: _Counts, unit: _Teams) -> int:
    return sum(counted[team] for team in unit)
