"""What a report is made of: an exchange's facts by month, from which every figure but values follows. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.leads.clusters import Cluster, Clusters
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.spans import Span
from partnercrm.leads.tallies import Tally
from partnercrm.partnerships.measures import Measure

Periods = Mapping[str, Mapping[Measure, Clusters]]
"""Clusters by month `YYYY-MM` (UTC) and measure."""


class Kind(StrEnum):
    """What a fact tells of."""

    STEP = "step"
    ANSWER = "answer"
    CLUSTER = "cluster"
    CONTEST = "contest"


class Fact(NamedTuple):
    """What is alike in one month of one giver: so many leads, and of these how many are told, in time, open, repeated.

    A step found wrong is told as what the lead was, an offer that was withdrawn is not told. Of answers to the giver's
    leads `among` came in time, after so many `seconds`; leads that wait for one tell until when, in `seconds` since
    1970. Of steps `among` tell a value, `minor` in all. Of clusters there are `leads` of this `size`.
    """

    month: str
    giver_id: UUID
    kind: str
    name: str
    reason: str
    currency: str
    size: int
    leads: int
    among: int
    still_open: int
    repeated: int
    minor: Decimal
    seconds: Sequence[int] | None


_WAITS: Final = "waits"


class Answers(NamedTuple):
    """How many leads were answered, how many in the agreed time, and after how many seconds at the middle.

    And those that were not: `expired` were never answered, of those `waiting` some are `overdue`.
    """

    answered: int
    in_time: int
    median_seconds: int | None
    expired: int
    waiting: int
    overdue: int

    @property
    def due(self) -> int:
        """How many leads should have been answered by now: what the answers in time are a part of."""
        return self.answered + self.expired + self.overdue


class Facts:
    """The facts of one exchange, in any order."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            self._facts[fact.kind].append(fact)

    def within(self, window: Span) -> "Facts":
        """Return those of the months of a window."""
        if window == Span():
            return self
        return Facts(fact for facts in self._facts.values() for fact in facts if window.holds(fact.month))

    @cached_property
    def tallies(self) -> list[Tally]:
        """The steps, and the cases that restored a credit, by month, giver, step and currency."""
        credited = [fact for fact in self._facts[Kind.CONTEST] if fact.name == ContestStep.RESTORED]
        return [
            Tally(
                month=fact.month,
                giver_id=fact.giver_id,
                step=_STEPS[fact.name],
                currency=fact.currency or None,
                steps=fact.leads,
                exact=fact.among,
                minor=int(fact.minor),
                repeated=fact.repeated,
            )
            for fact in (*self._facts[Kind.STEP], *credited)
        ]

    def still_open(self, giver_id: UUID) -> int:
        """Return how many of a giver's leads had come to no end."""
        return sum(fact.still_open for fact in self._facts[Kind.STEP] if fact.giver_id == giver_id)

    def reasons(self, giver_id: UUID, step: OfferStatus) -> list[tuple[str, int]]:
        """Return for which reasons a giver's leads took this step, the most frequent first."""
        found: Counter[str] = Counter()
        for fact in self._facts[Kind.STEP]:
            if fact.giver_id == giver_id and fact.name == step:
                found[fact.reason] += fact.leads
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def contests(self, giver_id: UUID) -> dict[str, int]:
        """Return how often a giver contested, and what came of it, by step."""
        found = dict.fromkeys([step.value for step in ContestStep], 0)
        for fact in self._facts[Kind.CONTEST]:
            if fact.giver_id == giver_id:
                found[fact.name] += fact.leads
        return found

    def answers(self, giver_id: UUID, as_of: datetime) -> Answers:
        """Return how a giver's leads were answered; of an even number the earlier of the two in the middle."""
        found = [fact for fact in self._facts[Kind.ANSWER] if fact.giver_id == giver_id]
        taken = sorted(seconds for fact in found if fact.name != _WAITS for seconds in fact.seconds or ())
        until = [seconds for fact in found if fact.name == _WAITS for seconds in fact.seconds or ()]
        steps = (fact for fact in self._facts[Kind.STEP] if fact.giver_id == giver_id)
        return Answers(
            answered=len(taken),
            in_time=sum(fact.among for fact in found),
            median_seconds=taken[(len(taken) - 1) // 2] if taken else None,
            expired=sum(fact.leads for fact in steps if fact.name == OfferStatus.EXPIRED),
            waiting=len(until),
            overdue=sum(seconds < as_of.timestamp() for seconds in until),
        )

    def periods(self, first: UUID) -> Periods:
        """Return the clusters in which leads came; `first` is the organization in the first place.

        A cluster is what one side gave of one company in one month; which company it is, neither side reads.
        """
        found: dict[str, dict[Measure, dict[Cluster, int]]] = defaultdict(lambda: defaultdict(dict))
        for fact in self._facts[Kind.CLUSTER]:
            cluster = Cluster(0 if fact.giver_id == first else 1, fact.size)
            found[fact.month][Measure(fact.name)][cluster] = fact.leads
        return found


_STEPS: Final[Mapping[str, OfferStatus | ContestStep]] = {
    **{step.value: step for step in OfferStatus},
    ContestStep.RESTORED.value: ContestStep.RESTORED,
}
