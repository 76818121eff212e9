"""The fact sheet of a partnership as of a moment: the report of the agreed months, funnels, differences, segments."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.clusters import Pair
from partnercrm.leads.factsheet import Cohort, Difference, Funnel, Group, Segment, Stage, differences, funnel, segments
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus
from partnercrm.leads.models import LeadStep, Offer
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.queries import contests
from partnercrm.leads.queries.reckoning import Asked, is_counted
from partnercrm.leads.queries.reports import (
    Report,
    cases_restoring,
    moment_known,
    reciprocity_report,
    steps_seen_by,
    taken_back,
)
from partnercrm.leads.queries.spans import in_span
from partnercrm.leads.reciprocity import window_begins
from partnercrm.leads.reckoning import By, Reckoned
from partnercrm.leads.spans import Span
from partnercrm.leads.turns import Turn, turn
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import Terms
from partnercrm.partnerships.queries.known import terms_known
from partnercrm.partnerships.validity import in_force

_KEYS: Final[Mapping[By, ColumnElement[Any]]] = {
    By.PRODUCT: cast(Offer.product_line_id, Text),
    By.REGION: Offer.country.expression,
    By.INDUSTRY: Offer.industry.expression,
}


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What both sides read of their exchange: sides ordered by organization, the same bytes for both.

    The report counts what happened in the `window`; the funnels tell what became by then of leads offered in it.
    """

    report: Report
    window: Span
    funnels: tuple[Funnel, Funnel]
    differences: Sequence[Difference]
    segments: Mapping[By, Sequence[Segment]]

    @property
    def turn(self) -> Turn | None:
        """Who gives next, as the report says."""
        return self.report.index.turn

    @property
    def begins_with_offering(self) -> bool:
        """Whether already how many leads were offered lies outside the tolerance, on the side of who gives next."""
        terms = self.report.terms
        offered = (funnel[Stage.ANSWER].reached for funnel in self.funnels)
        there = turn(*offered, share_percent=terms.share_given_percent, tolerance_points=terms.tolerance_points)
        return there is not None and self.turn is not None and there.place == self.turn.place


def fact_sheet(actor: Actor, partnership_id: UUID, as_of: datetime | None) -> FactSheet:
    """Return the fact sheet by what had been recorded at `as_of`. Raises NotFound, Invalid.

    It counts as many months as were agreed, all over, and the month of `as_of`; everything where none were.
    """
    as_of = moment_known(actor, partnership_id, as_of)
    agreed = terms_known(partnerships.joined_partnership(actor, partnership_id), as_of)
    terms = in_force(agreed, as_of)
    months = None if terms.window_months is None else terms.window_months + 1
    window = Span(window_begins(as_of, months), f"{as_of:%Y-%m}")
    report = reciprocity_report(actor, partnership_id, as_of, Asked(window))
    sides = report.first.organization_id, report.second.organization_id
    steps = steps_seen_by(actor).where(LeadStep.partnership_id == partnership_id, LeadStep.recorded_at <= as_of)
    counting: list[Select[Any]] = [_counting(steps, window, report)]
    if terms.measure is Measure.QUALIFIED:
        counting.append(cases_restoring(actor, partnership_id, as_of).where(in_span(window, LeadContest.happened_at)))
    found = _cohorts(steps, as_of, window)
    funnels = funnel(found.get(sides[0], Cohort())), funnel(found.get(sides[1], Cohort()))
    due = report.index.turn
    return FactSheet(
        report=report,
        window=window,
        funnels=funnels,
        differences=differences(funnels, terms.measure, due.place if due else None),
        segments=_segments(counting, agreed, report),
    )


def _cohorts(steps: Select[LeadStep], as_of: datetime, window: Span) -> Mapping[UUID, Cohort]:
    """Return by giver what became of the leads offered in the window, in one pass over the steps."""
    took = {status: func.bool_or(LeadStep.step == status) for status in OfferStatus}
    corrected = func.bool_or(contests.is_corrected(as_of))
    ended = func.bool_or(LeadStep.step.not_in(IN_PROGRESS))
    first = func.min(LeadStep.happened_at).filter(LeadStep.step == OfferStatus.OFFERED)
    begins, ends = window.begins_at, window.ends_before
    within = and_(*([first >= begins] if begins else []), *([first < ends] if ends else []))
    leads = (
        steps.with_only_columns(
            LeadStep.giver_id,
            took[OfferStatus.ACCEPTED].label("accepted"),
            or_(took[OfferStatus.QUALIFIED], corrected).label("qualified"),
            took[OfferStatus.WON].label("won"),
            ended.label("ended"),
        )
        .group_by(LeadStep.giver_id, LeadStep.offer_id)
        .having(and_(within, ~took[OfferStatus.WITHDRAWN]))
        .subquery()
    )
    accepted, qualified, going_on = leads.c.accepted, leads.c.qualified, ~leads.c.ended
    counted = select(
        leads.c.giver_id,
        func.count(),
        func.count().filter(accepted),
        func.count().filter(qualified),
        func.count().filter(leads.c.won),
        func.count().filter(and_(going_on, ~accepted)),
        func.count().filter(and_(going_on, accepted, ~qualified)),
        func.count().filter(and_(going_on, qualified)),
    ).group_by(leads.c.giver_id)
    return {giver_id: Cohort(*counts) for giver_id, *counts in db.rows(counted)}


def _counting(steps: Select[LeadStep], window: Span, report: Report) -> Select[LeadStep]:
    """Return the steps that count by the agreed measure in the window."""
    counts = is_counted(Reckoned(report.terms.measure.value), report.partnership_id, report.as_of)
    return steps.where(counts, ~taken_back(report.as_of), in_span(window, LeadStep.happened_at))


def _segments(
    counting: Sequence[Select[Any]], agreed: Sequence[Terms], report: Report
) -> Mapping[By, Sequence[Segment]]:
    """Return what counts in every division, in one pass over the steps, and one over the cases that credit a lead."""
    named = {By.PRODUCT: {str(line.id): line.name for one in agreed for line in one.product_lines}}
    counts: Counter[tuple[By, str | None, int]] = Counter()
    for rows in counting:
        counts.update(_by_key(rows, report))
    groups: dict[By, list[Group]] = {by: [] for by in By}
    for by, key in {(by, key) for by, key, _place in counts}:
        given = Pair(counts[by, key, 0], counts[by, key, 1])
        groups[by].append(Group(key, named.get(by, {}).get(key or ""), given))
    share = report.terms.share_given_percent
    return {by: segments(found, share, pooled=by is not By.MONTH) for by, found in groups.items()}


def _by_key(rows: Select[Any], report: Report) -> Mapping[tuple[By, str | None, int], int]:
    """Return how many leads count in each division, by its key and the place of the side that gave them."""
    of = rows.column_descriptions[0]["entity"]
    month = func.to_char(func.timezone("UTC", of.happened_at), "YYYY-MM")
    keys = {By.MONTH: month, **_KEYS}
    grouped = (
        rows.join(Offer, Offer.id == of.offer_id)
        .with_only_columns(
            *(func.grouping(key) for key in keys.values()),
            *keys.values(),
            func.count().filter(of.giver_id == report.first.organization_id),
            func.count().filter(of.giver_id == report.second.organization_id),
        )
        .group_by(func.grouping_sets(*keys.values()))
    )
    found: dict[tuple[By, str | None, int], int] = {}
    for row in db.rows(grouped):
        place = row[: len(keys)].index(0)
        by, key = list(keys)[place], row[len(keys) + place]
        found |= {(by, key, side): count for side, count in enumerate(row[-2:])}
    return found
