"""Figures of people and teams: what is counted, and into which groups a month is divided before anybody sees it.

The division is made once, from the whole company, and each figure belongs to exactly one group. Whatever is added or
taken off each other is therefore again a sum over whole groups, each of at least the minimum of contributing people.
"""

from collections import defaultdict
from collections.abc import Collection
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
    """What one person added to a figure in a month, and the team they were in when it was published."""

    user_id: UUID
    team_id: UUID | None
    amount: int


class Group(NamedTuple):
    """Teams whose figure is shown as one; None stands for people without a team."""

    teams: frozenset[UUID | None]
    amount: int


def groups(contributions: Collection[Contribution]) -> list[Group]:
    """Divide a month's figure into groups of at least eight contributing people; none when there are fewer in all.

    A team with enough stands alone. The others are one group; if that has too few, it joins the smallest team that
    stands alone, so that the company's total less what is shown never tells them.
    """
    by_team: dict[UUID | None, dict[UUID, int]] = defaultdict(dict)
    for one in contributions:
        by_team[one.team_id][one.user_id] = by_team[one.team_id].get(one.user_id, 0) + one.amount
    alone = {team: people for team, people in by_team.items() if team and len(people) >= GROUP_MINIMUM}
    others = [team for team in by_team if team not in alone]
    divided: list[list[UUID | None]] = [[team] for team in sorted(alone, key=str)]
    if others:
        if sum(len(by_team[team]) for team in others) >= GROUP_MINIMUM:
            divided.append(others)
        elif divided:
            min(divided, key=lambda teams: (len(by_team[teams[0]]), str(teams[0]))).extend(others)
    return [Group(frozenset(teams), sum(sum(by_team[team].values()) for team in teams)) for teams in divided]
