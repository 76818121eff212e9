"""What each side is credited for, and which leads count no second time.

Of one company's need one lead is accepted, and one credited, in 90 days: whoever's came to it first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, column, func, select

from partnercrm.kernel.actor import Actor
from partnercrm.leads import credit
from partnercrm.leads.credit import Junk
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import LeadStep
from partnercrm.leads.models.following import WindowTotal
from partnercrm.leads.pursuits import Beside, beside
from partnercrm.leads.queries import pursuits
from partnercrm.leads.spans import Span
from partnercrm.leads.tallies import Given
from partnercrm.partnerships.measures import Measure

_COUNTING: Final[Mapping[Measure, Collection[OfferStatus]]] = {
    Measure.ACCEPTED: (OfferStatus.ACCEPTED,),
    Measure.QUALIFIED: (OfferStatus.QUALIFIED, OfferStatus.DISQUALIFIED),
}


@dataclass(frozen=True, slots=True)
class Credit:
    """Qualified leads credited, those not credited because their need was; why leads were disqualified, and junk.

    `accepted_again` are accepted leads that count no second time. `restored` are leads not taken that cases credited,
    `beside` is what totals of ended windows change, `windows` what these told of leads this side gave.
    """

    credited: int
    repeated: int
    accepted_again: int
    restored: int
    disqualified_for: list[tuple[str, int]]
    junk: Junk
    beside: Beside
    windows: Sequence[WindowTotal]

    @property
    def counting(self) -> int:
        """How many leads count where qualified leads are the measure: each one is known."""
        return self.credited + self.restored

    @property
    def in_all(self) -> int:
        """How many leads are credited, those of which only totals tell included, and without those known before."""
        return max(0, self.counting + self.beside.pursued - self.beside.influenced)


class Credits:
    """What a report needs to credit either side; read once for both."""

    def __init__(self, actor: Actor, partnership_id: UUID, as_of: datetime, window: Span) -> None:
        self._window = window
        self._totals = pursuits.totals(actor, partnership_id, as_of)
        self._restored = pursuits.restored(actor, partnership_id, as_of)

    def of(self, organization_id: UUID, gave: Given, reasons: list[tuple[str, int]]) -> Credit:
        """Return what one side is credited for, of what it gave and why its leads were disqualified."""
        return Credit(
            credited=gave.credited,
            repeated=gave.repeated,
            accepted_again=gave.accepted_again,
            restored=gave.restored,
            disqualified_for=reasons,
            junk=credit.junk(dict(reasons), gave.counts[OfferStatus.ACCEPTED]),
            beside=beside(organization_id, self._totals, self._restored, self._window),
            windows=[one for one in self._totals if one.giver_id == organization_id],
        )


def is_repeated(partnership_id: UUID, as_of: datetime, measure: Measure = Measure.QUALIFIED) -> ColumnElement[bool]:
    """Tell of a step whether it accepted, or qualified, a lead whose company's need counted so already at `as_of`.

    Which leads these are the database tells both sides of accepted leads alone: both have read their companies, or
    entered a case about them.
    """
    return and_(
        LeadStep.step.in_(_COUNTING[measure]), LeadStep.offer_id.in_(leads_repeated(partnership_id, as_of, measure))
    )


def leads_repeated(partnership_id: UUID, as_of: datetime, measure: Measure = Measure.QUALIFIED) -> Select[UUID]:
    """Return the offers that do not count by a measure, because their company's need did already."""
    told = func.step_leads_repeated(partnership_id, as_of).table_valued(
        column("lead_id", Uuid()), column("measure", Text())
    )
    return select(told.c.lead_id).where(told.c.measure == measure.value)
