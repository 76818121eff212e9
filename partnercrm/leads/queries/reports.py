"""The reciprocity report: sums of what was recorded by a moment, the same bytes for both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.money import Money
from partnercrm.leads import reciprocity, tallies
from partnercrm.leads.facts import Answers, Facts
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.models import LeadStep
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.queries.contests import contests_seen_by
from partnercrm.leads.queries.credits import Credit, Credits, leads_repeated
from partnercrm.leads.queries.facts import facts
from partnercrm.leads.queries.indexes import Index, Month, index
from partnercrm.leads.queries.reckoning import Asked, Known, Reckoning, reckoned
from partnercrm.leads.queries.verdicts import Findings, findings
from partnercrm.leads.reciprocity import Exchange
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import PartnershipSide, Terms
from partnercrm.partnerships.queries import is_open_to, settlement
from partnercrm.partnerships.queries.known import terms_known
from partnercrm.partnerships.validity import in_force

_EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class SideReport:
    """What one organization gave, how much of it was still under way, and how it answered what it received."""

    organization_id: UUID
    name: str
    given: Mapping[str, int]
    still_open: int
    won_values: list[Money]
    won_in_bands: int
    contests: Mapping[str, int]
    credit: Credit
    declined_for: list[tuple[str, int]]
    responses: Answers


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; sides ordered by organization id, so that both sides read the same."""

    partnership_id: UUID
    as_of: datetime
    has_begun: bool
    terms: Terms
    first: SideReport
    second: SideReport
    index: Index
    findings: Findings
    exchanges: Mapping[Measure, Exchange]
    months: list[Month]
    reckoning: Reckoning


def steps_seen_by(actor: Actor) -> Select[LeadStep]:
    """Return the steps of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(LeadStep).where(
        or_(LeadStep.giver_id == mine, LeadStep.receiver_id == mine),
        is_open_to(actor, LeadStep.partnership_id),
    )


def first_recorded_at(actor: Actor, partnership_id: UUID) -> datetime | None:
    """Return when the first step of an exchange was recorded, whatever day it is of."""
    rows = steps_seen_by(actor).where(LeadStep.partnership_id == partnership_id)
    return db.session().execute(rows.with_only_columns(func.min(LeadStep.recorded_at))).scalar()


def taken_back(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Tell of a step whether it offers a lead that was withdrawn again by `as_of` (now, when None): no lead given."""
    withdrawn = aliased(LeadStep)
    withdrawal = exists().where(withdrawn.offer_id == LeadStep.offer_id, withdrawn.step == OfferStatus.WITHDRAWN)
    if as_of is not None:
        withdrawal = withdrawal.where(withdrawn.recorded_at <= as_of)
    return and_(LeadStep.step == OfferStatus.OFFERED, withdrawal)


def moment_known(actor: Actor, partnership_id: UUID, as_of: datetime | None) -> datetime:
    """Return the moment a report is asked of, now when None. Raises NotFound, and Invalid for one that has not come."""
    partnerships.joined_partnership(actor, partnership_id)
    return _come(partnership_id, as_of)


def _come(partnership_id: UUID, as_of: datetime | None) -> datetime:
    settled = settlement.settled_at(partnership_id)
    if as_of is not None and as_of > settled:
        raise Invalid.field("as_of", "This moment has not come yet.")
    return as_of or settled


def reciprocity_report(
    actor: Actor, partnership_id: UUID, as_of: datetime | None, asked: Asked = _EVERYTHING
) -> Report:
    """Return how the exchange stood at `as_of`, by what had been recorded by then. Raises NotFound, Invalid.

    What is asked narrows every figure to its window but the index, which is always of the agreed one.
    """
    partnership = partnerships.joined_partnership(actor, partnership_id, loading=partnerships.SIDES)
    as_of = _come(partnership_id, as_of)
    known = facts(partnership_id, as_of)
    counted, ids = known.tallies, [side.organization_id for side in partnership.sides_by_id]
    months = [Month(month, *by_side) for month, by_side in tallies.by_month(counted, ids).items()]
    within = known.within(asked.window)
    credited = Credits(actor, partnership_id, as_of, asked.window)
    sides = [_side(side, within, credited, as_of) for side in partnership.sides_by_id]
    agreed = terms_known(partnership, as_of)
    counts, terms = index(months, agreed, as_of), in_force(agreed, as_of)
    steps, cases = (partial(one, actor, partnership_id, as_of) for one in (_given, cases_restoring))
    return Report(
        partnership_id=partnership_id,
        as_of=as_of,
        has_begun=any(tally.step is OfferStatus.OFFERED for tally in counted),
        terms=terms,
        first=sides[0],
        second=sides[1],
        index=counts,
        findings=findings(known.periods(ids[0]), agreed, counts.since, as_of),
        exchanges=_exchanges(*sides),
        months=[month for month in months if asked.window.holds(month.month)],
        reckoning=reckoned(Known(partnership_id, as_of, steps, cases, counted, ids, agreed), asked, terms.measure),
    )


def _given(actor: Actor, partnership_id: UUID, as_of: datetime) -> Select[LeadStep]:
    """Return the steps that count, for what no facts are kept of."""
    known = and_(LeadStep.partnership_id == partnership_id, LeadStep.recorded_at <= as_of)
    return steps_seen_by(actor).where(known, ~taken_back(as_of))


def cases_restoring(actor: Actor, partnership_id: UUID, as_of: datetime) -> Select[LeadContest]:
    """Return the cases that credit a lead, for what no facts are kept of."""
    known = and_(LeadContest.partnership_id == partnership_id, LeadContest.recorded_at <= as_of)
    repeated = LeadContest.offer_id.in_(leads_repeated(partnership_id, as_of))
    return contests_seen_by(actor).where(known, LeadContest.step == ContestStep.RESTORED, ~repeated)


def _exchanges(first: SideReport, second: SideReport) -> dict[Measure, Exchange]:
    counted = (
        {
            **side.given,
            Measure.ACCEPTED: side.given[OfferStatus.ACCEPTED] - side.credit.accepted_again,
            Measure.QUALIFIED: side.credit.counting,
        }
        for side in (first, second)
    )
    return reciprocity.exchanges(*counted)


def _side(side: PartnershipSide, known: Facts, credited: Credits, as_of: datetime) -> SideReport:
    organization_id = side.organization_id
    gave = tallies.summed(tally for tally in known.tallies if tally.giver_id == organization_id)
    return SideReport(
        organization_id=organization_id,
        name=side.name,
        given=gave.counts,
        still_open=known.still_open(organization_id),
        won_values=gave.won_values,
        won_in_bands=gave.won_in_bands,
        contests=known.contests(organization_id),
        credit=credited.of(organization_id, gave, known.reasons(organization_id, OfferStatus.DISQUALIFIED)),
        declined_for=known.reasons(organization_id, OfferStatus.DECLINED),
        responses=known.answers(side.other_id, as_of),
    )
