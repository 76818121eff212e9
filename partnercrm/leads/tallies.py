"""What a side gave, summed from tallies of its steps: counts, and values won per currency. Exact: integers only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.kernel.money import Money
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.partnerships.measures import Measure


class Tally(NamedTuple):
    """The steps of one kind in one month: how many, how many of them told a value exactly, and those values' sum.

    `repeated` are those that do not count, because the company's need did already: of accepted leads, and of qualified
    or restored ones.
    """

    month: str
    giver_id: UUID
    step: OfferStatus | ContestStep
    currency: str | None
    steps: int
    exact: int
    minor: int
    repeated: int = 0

    @property
    def counting(self) -> int:
        """How many of the steps a measure counts."""
        return self.steps - self.repeated


@dataclass(frozen=True, slots=True)
class Given:
    """What was given and what became of it: a count for every step; values told exactly, and how many as bands.

    Of the qualified leads `credited` count for the measure of that name, `repeated` do not; with them count those that
    were not taken and that cases `restored`. Of the accepted ones those `accepted_again` do not count.
    """

    counts: Mapping[str, int]
    won_values: list[Money]
    won_in_bands: int
    repeated: int = 0
    restored: int = 0
    accepted_again: int = 0

    @property
    def credited(self) -> int:
        """How many qualified leads are credited."""
        return self.counts[OfferStatus.QUALIFIED] - self.repeated

    def measured(self, measure: Measure) -> int:
        """Return how many leads count by a measure: those of a need that counted already do not, restored ones do."""
        if measure is Measure.QUALIFIED:
            return self.credited + self.restored
        return self.counts[measure] - (self.accepted_again if measure is Measure.ACCEPTED else 0)


def summed(tallies: Iterable[Tally]) -> Given:
    """Return what the tallies sum to; values ordered by currency."""
    counts = {status.value: 0 for status in OfferStatus}
    values: Counter[str] = Counter()
    in_bands = restored = 0
    repeated: Counter[str] = Counter()
    for tally in tallies:
        if tally.step is ContestStep.RESTORED:
            restored += tally.counting
            continue
        counts[tally.step.value] += tally.steps
        repeated[tally.step.value] += tally.repeated
        if tally.step is OfferStatus.WON:
            in_bands += tally.steps - tally.exact
            if tally.exact and tally.currency:
                values[tally.currency] += tally.minor
    return Given(
        counts=counts,
        won_values=[Money(values[currency], currency) for currency in sorted(values)],
        won_in_bands=in_bands,
        repeated=repeated[OfferStatus.QUALIFIED],
        restored=restored,
        accepted_again=repeated[OfferStatus.ACCEPTED],
    )


def by_month(tallies: Iterable[Tally], sides: Sequence[UUID]) -> dict[str, list[Given]]:
    """Return what each side gave in each month that has a tally, in the order of the sides."""
    months: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        months[tally.month].append(tally)
    return {
        month: [summed(tally for tally in months[month] if tally.giver_id == side) for side in sides]
        for month in sorted(months)
    }


NOTHING: Final = summed(())
