"""Reading how far deals were when the partner came in, and what a partnership shows, from what both sides read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from partnercrm.deals import living
from partnercrm.deals.histories import DealAct
from partnercrm.deals.involving import Began, Involving, involving
from partnercrm.deals.living import Evidence, Lived, Quarter
from partnercrm.deals.models import Registration
from partnercrm.deals.models.deals import Deal, DealEvent, DealVersion
from partnercrm.deals.queries.selling import deal_events_seen_by, deal_versions_seen_by, deals_seen_by
from partnercrm.deals.registering import Involvement
from partnercrm.deals.stages import Stage
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries.reckoning import Asked
from partnercrm.leads.queries.reports import moment_known, reciprocity_report
from partnercrm.leads.spans import Span, months_until
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries.known import terms_known
from partnercrm.partnerships.validity import in_force

MONTHS: Final = 12
_BY_A_SIDE: Final = (DealAct.MOVED, DealAct.CHANGED, DealAct.UNDONE)


class LateInvolvement(NamedTuple):
    """How either side involves the other in the deals that were opened in some months, as known at a moment."""

    partnership: Partnership
    window: Span
    as_of: datetime
    sides: Sequence[Involving]

    @property
    def partnership_id(self) -> UUID:
        """The partnership's id."""
        return self.partnership.id


class LivedSeen(NamedTuple):
    """What the last two quarters show beside what the terms claim, as known at a moment."""

    partnership: Partnership
    as_of: datetime
    lived: Lived

    @property
    def partnership_id(self) -> UUID:
        """The partnership's id."""
        return self.partnership.id


def late_involvement(
    actor: Actor, partnership_id: UUID, months: int = MONTHS, as_of: datetime | None = None
) -> LateInvolvement:
    """Return when the partner came into the deals of the last months. Raises NotFound, Invalid."""
    moment = moment_known(actor, partnership_id, as_of)
    partnership = partnerships.joined_partnership(actor, partnership_id, loading=partnerships.SIDES)
    window = months_until(moment, months)
    found = [Began(*row) for row in db.session().execute(_began(actor, partnership_id, window, moment))]
    sides = [involving(found, side.organization_id) for side in partnership.sides_by_id]
    return LateInvolvement(partnership, window, moment, sides)


def _began(actor: Actor, partnership_id: UUID, window: Span, moment: datetime) -> Select[UUID, Stage, bool, Stage, int]:
    """Return deals by whose registration opened them, how far they were then, and how they stood at the moment."""
    known = DealVersion.partnership_id == partnership_id, DealVersion.recorded_at <= moment
    first = deal_versions_seen_by(actor).where(
        *known, DealVersion.version == 1, DealVersion.happened_at >= window.begins_at
    )
    last = deal_versions_seen_by(actor).where(*known).ext(distinct_on(DealVersion.deal_id))
    began = aliased(DealVersion, first.subquery())
    stands = aliased(DealVersion, last.order_by(DealVersion.deal_id, DealVersion.version.desc()).subquery())
    alike = began.origin_id, began.stage, Registration.lost_before, stands.stage
    return (
        select(*alike, func.count())
        .join_from(began, stands, stands.deal_id == began.deal_id)
        .join(Registration, Registration.id == began.registration_id)
        .where(Registration.partnership_id == partnership_id)
        .group_by(*alike)
    )


def lived(actor: Actor, partnership_id: UUID, as_of: datetime | None = None) -> LivedSeen:
    """Return what the last two quarters show beside what the terms claim. Raises NotFound, Invalid."""
    moment = moment_known(actor, partnership_id, as_of)
    partnership = partnerships.joined_partnership(actor, partnership_id)
    terms = in_force(terms_known(partnership, moment), moment)
    quarters = [
        _quarter(actor, partnership, months, moment) for months in living.quarters_over(partnership.started_at, moment)
    ]
    return LivedSeen(partnership, moment, Lived(terms.kind, quarters))


def _quarter(actor: Actor, partnership: Partnership, months: Span, moment: datetime) -> Quarter:
    given = reciprocity_report(actor, partnership.id, moment, Asked(window=months)).exchanges[Measure.QUALIFIED]
    worked = _worked(actor, partnership.id, months, moment)
    both = set.intersection(*(worked.get(side.organization_id, set()) for side in partnership.sides_by_id))
    sides = [
        Evidence(side.organization_id, qualified, len(worked.get(side.organization_id, ())))
        for side, qualified in zip(partnership.sides_by_id, (given.first, given.second), strict=True)
    ]
    return Quarter(months, sides, len(both), _won(actor, partnership.id, months, moment))


def _worked(actor: Actor, partnership_id: UUID, months: Span, moment: datetime) -> Mapping[UUID, set[UUID]]:
    """Return the co-sell deals that each side worked on in these months: opened, moved, changed or logged something."""
    sold = deals_seen_by(actor).where(Deal.partnership_id == partnership_id)
    together = sold.where(Deal.involvement == Involvement.CO_SELL).with_only_columns(Deal.id)
    within = DealVersion.happened_at >= months.begins_at, DealVersion.happened_at < months.ends_before
    states = deal_versions_seen_by(actor).where(
        DealVersion.deal_id.in_(together), *within, DealVersion.recorded_at <= moment
    )
    logged = deal_events_seen_by(actor).where(
        DealEvent.deal_id.in_(together),
        DealEvent.happened_at >= months.begins_at,
        DealEvent.happened_at < months.ends_before,
        DealEvent.recorded_at <= moment,
    )
    opened = states.where(DealVersion.act == DealAct.OPENED)
    rows = (
        states.where(DealVersion.act.in_(_BY_A_SIDE))
        .with_only_columns(DealVersion.acting_id, DealVersion.deal_id)
        .union(
            opened.with_only_columns(DealVersion.origin_id, DealVersion.deal_id),
            logged.with_only_columns(DealEvent.organization_id, DealEvent.deal_id),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for organization_id, deal_id in db.session().execute(rows):
        found.setdefault(organization_id, set()).add(deal_id)
    return found


def _won(actor: Actor, partnership_id: UUID, months: Span, moment: datetime) -> int:
    won = deal_versions_seen_by(actor).where(
        DealVersion.partnership_id == partnership_id,
        DealVersion.stage == Stage.CLOSED_WON,
        DealVersion.happened_at >= months.begins_at,
        DealVersion.happened_at < months.ends_before,
        DealVersion.recorded_at <= moment,
    )
    counted = won.with_only_columns(func.count(DealVersion.deal_id.distinct()))
    return db.session().scalar(counted) or 0
