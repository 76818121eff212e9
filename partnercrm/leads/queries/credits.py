"""What each side is credited for, and how many of its accepted leads were disqualified for their quality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, DateTime, Select, Uuid, column, func, select

from partnercrm.kernel import db
from partnercrm.leads import credit
from partnercrm.leads.credit import Junk, Qualified
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import LeadStep
from partnercrm.leads.queries import contests
from partnercrm.leads.spans import Span


@dataclass(frozen=True, slots=True)
class Credit:
    """Qualified leads credited, those not credited because their need was; why leads were disqualified, and junk."""

    credited: int
    repeated: int
    disqualified_for: list[tuple[str, int]]
    junk: Junk


class Credits:
    """What a report needs to credit either side; read once for both."""

    def __init__(self, happened: Select[Any], partnership_id: UUID, as_of: datetime, window: Span) -> None:
        self._reasons = _reasons(happened, as_of)
        again = credit.uncredited(_qualified_again(partnership_id, as_of))
        self._repeated = {pair: leads for pair, leads in again.items() if window.holds(pair[1])}

    def of(self, organization_id: UUID, given: Mapping[str, int]) -> Credit:
        """Return what one side is credited for, of what it gave by steps."""
        repeated = sum(leads for (giver_id, _month), leads in self._repeated.items() if giver_id == organization_id)
        reasons = [(reason, leads) for giver_id, reason, leads in self._reasons if giver_id == organization_id]
        return Credit(
            credited=given[OfferStatus.QUALIFIED] - repeated,
            repeated=repeated,
            disqualified_for=reasons,
            junk=credit.junk(dict(reasons), given[OfferStatus.ACCEPTED]),
        )


def _reasons(happened: Select[Any], as_of: datetime) -> Sequence[Any]:
    """Return (giver, reason, leads) of disqualifications that stand, the most frequent first."""
    counted: Select[*tuple[Any, ...]] = (
        happened.where(LeadStep.step == OfferStatus.DISQUALIFIED, ~contests.is_corrected(as_of))
        .with_only_columns(LeadStep.giver_id, LeadStep.reason, func.count())
        .group_by(LeadStep.giver_id, LeadStep.reason)
        .order_by(func.count().desc(), LeadStep.reason)
    )
    return db.rows(counted)


def _qualified_again(partnership_id: UUID, as_of: datetime) -> list[Qualified]:
    """Return the qualified leads of needs that were qualified more than once, in their order."""
    moment: ColumnElement[datetime] = column("happened_at", DateTime(timezone=True))
    told = func.step_needs_qualified_again(partnership_id, as_of).table_valued(
        column("need", BigInteger()), column("giver_id", Uuid()), moment
    )
    return [Qualified(*row) for row in db.rows(select(told))]
