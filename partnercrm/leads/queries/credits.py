"""What each side is credited for, and which qualified leads earn no credit.

One company's need is credited once in 90 days, to whoever's lead of it was qualified first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, column, func, select

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


@dataclass(frozen=True, slots=True)
class Credit:
    """Qualified leads credited, those not credited because their need was; why leads were disqualified, and junk.

    `restored` are leads not taken that cases credited, `beside` is what totals of ended windows change, `windows` what
    these told of leads this side gave.
    """

    credited: int
    repeated: int
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
            restored=gave.restored,
            disqualified_for=reasons,
            junk=credit.junk(dict(reasons), gave.counts[OfferStatus.ACCEPTED]),
            beside=beside(organization_id, self._totals, self._restored, self._window),
            windows=[one for one in self._totals if one.giver_id == organization_id],
        )


def is_repeated(partnership_id: UUID, as_of: datetime) -> ColumnElement[bool]:
    """Tell of a step whether it qualified a lead whose company's need was credited already, as known at `as_of`.

    Which leads these are the database tells both sides of credited leads alone: both have read their companies, or
    entered a case about them.
    """
    qualifying = LeadStep.step.in_((OfferStatus.QUALIFIED, OfferStatus.DISQUALIFIED))
    return and_(qualifying, LeadStep.offer_id.in_(leads_repeated(partnership_id, as_of)))


def leads_repeated(partnership_id: UUID, as_of: datetime) -> Select[UUID]:
    """Return the offers that earn no credit, because their company's need was credited already."""
    return select(func.step_leads_repeated(partnership_id, as_of).table_valued(column("lead_id", Uuid())))
