"""The reciprocity report: one set of sums over the append-only steps, the same bytes for both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, extract, func, or_, select
from sqlalchemy.orm import aliased

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.money import Money
from partnercrm.leads import reciprocity, tallies
from partnercrm.leads.lifecycle import IN_PROGRESS, ContestStep, OfferStatus
from partnercrm.leads.models import LeadStep, Offer
from partnercrm.leads.queries import contests
from partnercrm.leads.queries.credits import Credit, Credits, is_repeated
from partnercrm.leads.queries.reckoning import Asked, Known, Reckoning, reckoned
from partnercrm.leads.queries.spans import in_span
from partnercrm.leads.queries.verdicts import Findings, findings
from partnercrm.leads.reciprocity import Exchange
from partnercrm.leads.tallies import Given, Tally
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import PartnershipSide, Terms
from partnercrm.partnerships.queries import is_open_to
from partnercrm.partnerships.validity import in_force

_MONTH = func.to_char(func.timezone("UTC", LeadStep.happened_at), "YYYY-MM")
_EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class Responses:
    """How one side answered: counts, how many in the agreed time, and the median in whole seconds."""

    answered: int
    in_time: int
    median_seconds: int | None


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
    responses: Responses


@dataclass(frozen=True, slots=True)
class Month:
    """One month (UTC) of the exchange: what each side gave, in the order of the sides."""

    month: str
    first: Given
    second: Given


@dataclass(frozen=True, slots=True)
class Index:
    """What counts for the agreed share: each month of the window by the measure in force when the month began.

    `measure` is the one in force at the end, `since` the window's first month (None from the beginning).
    """

    measure: Measure
    since: str | None
    exchange: Exchange


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


def taken_back(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Tell of a step whether it offers a lead that was withdrawn again by `as_of` (now, when None): no lead given."""
    withdrawn = aliased(LeadStep)
    withdrawal = exists().where(withdrawn.offer_id == LeadStep.offer_id, withdrawn.step == OfferStatus.WITHDRAWN)
    if as_of is not None:
        withdrawal = withdrawal.where(withdrawn.recorded_at <= as_of)
    return and_(LeadStep.step == OfferStatus.OFFERED, withdrawal)


def _still_open(rows: Select[Any], as_of: datetime) -> Mapping[UUID, int]:
    """Return how many of the leads offered in `rows` had come to no end by `as_of`, by their giver."""
    end = aliased(LeadStep)
    ended = exists().where(end.offer_id == LeadStep.offer_id, end.step.not_in(IN_PROGRESS), end.recorded_at <= as_of)
    counted: Select[*tuple[Any, ...]] = (
        rows.where(LeadStep.step == OfferStatus.OFFERED, ~ended)
        .with_only_columns(LeadStep.giver_id, func.count().label("leads"))
        .group_by(LeadStep.giver_id)
    )
    return {row.giver_id: row.leads for row in db.session().execute(counted)}


def moment_known(actor: Actor, partnership_id: UUID, as_of: datetime | None) -> datetime:
    """Return the moment a report is asked of, now when None. Raises NotFound, and Invalid for one that has not come."""
    partnerships.joined_partnership(actor, partnership_id)
    settled = partnerships.settled_at(partnership_id)
    if as_of is not None and as_of > settled:
        raise Invalid.field("as_of", "This moment has not come yet.")
    return as_of or settled


def reciprocity_report(
    actor: Actor, partnership_id: UUID, as_of: datetime | None, asked: Asked = _EVERYTHING
) -> Report:
    """Return how the exchange stood at `as_of`, by what had been recorded by then. Raises NotFound, Invalid.

    What is asked narrows every figure to its window but the index, which is always of the agreed one.
    """
    as_of = moment_known(actor, partnership_id, as_of)
    partnership = partnerships.joined_partnership(actor, partnership_id)
    known = and_(LeadStep.partnership_id == partnership_id, LeadStep.recorded_at <= as_of)
    rows = steps_seen_by(actor).where(known)
    given = rows.where(~taken_back(as_of))
    repeated = is_repeated(partnership_id, as_of)
    counted = tallies.corrected(_tallies(given, repeated), _tallies(rows.where(contests.is_corrected(as_of)), repeated))
    ids = [side.organization_id for side in partnership.sides_by_id]
    months = [Month(month, *by_side) for month, by_side in tallies.by_month(counted, ids).items()]
    within = [tally for tally in counted if asked.window.holds(tally.month)]
    happened = rows.where(in_span(asked.window, LeadStep.happened_at))
    contested = contests.counts(actor, partnership_id, as_of, asked.window)
    still_open = _still_open(happened, as_of)
    credited = Credits(actor, partnership_id, happened, as_of, asked.window)
    sides = [
        _side(side, happened, within, contested, still_open=still_open.get(side.organization_id, 0), credited=credited)
        for side in partnership.sides_by_id
    ]
    agreed = partnerships.terms_known(partnership, as_of)
    index, terms = _index(months, agreed, as_of), in_force(agreed, as_of)
    return Report(
        partnership_id=partnership_id,
        as_of=as_of,
        has_begun=any(tally.step is OfferStatus.OFFERED for tally in counted),
        terms=terms,
        first=sides[0],
        second=sides[1],
        index=index,
        findings=findings(partnership, agreed, index.since, as_of),
        exchanges=_exchanges(*sides),
        months=[month for month in months if asked.window.holds(month.month)],
        reckoning=reckoned(Known(as_of, given, repeated, counted, ids, agreed), asked, terms.measure),
    )


def _exchanges(first: SideReport, second: SideReport) -> dict[Measure, Exchange]:
    counted = ({**side.given, Measure.QUALIFIED: side.credit.credited} for side in (first, second))
    return reciprocity.exchanges(*counted)


def _index(months: Sequence[Month], known: Sequence[Terms], as_of: datetime) -> Index:
    terms = in_force(known, as_of)
    since = reciprocity.window_begins(as_of, terms.window_months)
    counted = [
        (month.first.measured(measure), month.second.measured(measure))
        for month in months
        if since is None or month.month >= since
        for measure in [in_force(known, datetime.fromisoformat(f"{month.month}-01T00:00Z")).measure]
    ]
    return Index(terms.measure, since, Exchange(*map(sum, zip(*counted, strict=True))) if counted else Exchange(0, 0))


def _tallies(rows: Select[Any], repeated: ColumnElement[bool]) -> list[Tally]:
    kinds = (_MONTH, LeadStep.giver_id, LeadStep.step, LeadStep.currency)
    told = (
        func.count(),
        func.count(LeadStep.value_minor),
        func.coalesce(func.sum(LeadStep.value_minor), 0).label("minor"),
        func.count().filter(repeated),
    )
    found: Select[*tuple[Any, ...]] = rows.with_only_columns(*kinds, *told).group_by(*kinds)
    return [Tally(*row)._replace(minor=int(row.minor)) for row in db.session().execute(found)]


def _side(
    side: PartnershipSide,
    rows: Select[Any],
    counted: Sequence[Tally],
    contested: Mapping[tuple[UUID, ContestStep], int],
    *,
    still_open: int,
    credited: Credits,
) -> SideReport:
    organization_id = side.organization_id
    gave = tallies.summed(tally for tally in counted if tally.giver_id == organization_id)
    return SideReport(
        organization_id=organization_id,
        name=side.name,
        given=gave.counts,
        still_open=still_open,
        won_values=gave.won_values,
        won_in_bands=gave.won_in_bands,
        contests={step.value: contested.get((organization_id, step), 0) for step in ContestStep},
        credit=credited.of(organization_id, gave),
        declined_for=_reasons(rows.where(LeadStep.giver_id == organization_id)),
        responses=_responses(rows, organization_id),
    )


def _reasons(gave: Select[Any]) -> list[tuple[str, int]]:
    counted: Select[*tuple[Any, ...]] = (
        gave.where(LeadStep.step == OfferStatus.DECLINED)
        .with_only_columns(LeadStep.reason, func.count())
        .group_by(LeadStep.reason)
        .order_by(func.count().desc(), LeadStep.reason)
    )
    return [(reason, count) for reason, count in db.session().execute(counted)]


def _responses(rows: Select[Any], organization_id: UUID) -> Responses:
    offered = aliased(LeadStep)
    answers = (OfferStatus.ACCEPTED, OfferStatus.DECLINED)
    taken: ColumnElement[Any] = extract("epoch", LeadStep.happened_at - offered.happened_at)
    median = func.percentile_disc(0.5).within_group(taken)
    in_time = func.count(case((LeadStep.happened_at <= Offer.respond_by, 1)))
    counted = (
        rows.where(LeadStep.receiver_id == organization_id, LeadStep.step.in_(answers))
        .join(offered, and_(offered.offer_id == LeadStep.offer_id, offered.step == OfferStatus.OFFERED))
        .join(Offer, Offer.id == LeadStep.offer_id)
        .with_only_columns(func.count(), in_time, func.floor(median))
    )
    answered, prompt, seconds = db.session().execute(counted).one()
    return Responses(answered, prompt, None if seconds is None else int(seconds))
