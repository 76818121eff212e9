"""Shapes of the fact sheet: exact values written as decimal strings, ordered by organization."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, pre_dump

from partnercrm.leads.factsheet import Difference, Funnel, Segment, Stage
from partnercrm.leads.queries.factsheets import FactSheet
from partnercrm.leads.reciprocity import written
from partnercrm.leads.reckoning import By
from partnercrm.leads.schemas.reporting import IndexView, SideReportView, index_of
from partnercrm.leads.schemas.verdicts import FindingsView, IntervalView, interval_of, laid_out
from partnercrm.leads.turns import Turn
from partnercrm.partnerships.schemas import AgreedTermsView
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole

_COUNT: dict[str, Any] = {"least": 0, "most": 10**9, "example": 12, "required": True}


class FactSheetQuery(Shape):
    """As of when."""

    as_of = Moment(metadata={"description": "What had been recorded by then; now when left out."})


class StageView(Shape):
    """How many leads came to a stage, passed it, ended there, or are there yet; the rate is of passed and ended."""

    stage = Choice(Stage, required=True)
    reached = Whole(**_COUNT)
    passed = Whole(**_COUNT)
    ended = Whole(**_COUNT)
    still_open = Whole(**_COUNT)
    rate_percent = Text(most=12, example="75.0", required=True, allow_none=True)
    interval = fields.Nested(
        IntervalView, required=True, allow_none=True, metadata={"description": "Of the rate; null of fewer than eight."}
    )


class FunnelView(Shape):
    """What became of the leads that one organization offered in the window, stage by stage."""

    organization_id = Id(required=True)
    stages = fields.List(fields.Nested(StageView), required=True)


class StageDifferenceView(Shape):
    """At a stage, so many fewer leads of the organization came on than would have at the other direction's rate."""

    organization_id = Id(required=True)
    stage = Choice(Stage, required=True)
    leads = Text(most=20, example="9.5", required=True)
    beyond_chance = Flag(
        example=True, required=True, metadata={"description": "The two rates' intervals do not overlap."}
    )
    widens = Flag(
        example=True,
        required=True,
        metadata={"description": "It widens the difference in what is measured; those that do come first."},
    )


class SegmentView(Shape):
    """Leads that count, of one group or of several small ones together; `keys` null: not given."""

    keys = fields.List(Text(most=200, example="Logistics", allow_none=True), required=True)
    name = Text(most=120, example="Warehouse software", required=True, allow_none=True)
    first = Whole(**_COUNT)
    second = Whole(**_COUNT)
    beyond_share = Text(
        most=20,
        example="4.5",
        required=True,
        metadata={"description": "How many the first organization gave beyond the agreed share; below it, negative."},
    )


class SegmentsView(Shape):
    """One division of what counts; its rows sum to the whole."""

    by = Choice(By, required=True)
    rows = fields.List(fields.Nested(SegmentView), required=True)


class NextToGiveView(Shape):
    """Who gives next, and how many leads bring both back into the tolerance."""

    organization_id = Id(required=True)
    leads = Whole(**_COUNT)


class FactSheetView(Shape):
    """The fact sheet of one pattern: the same bytes for both sides. `organizations[0]` is `first`, `[1]` `second`."""

    partnership_id = Id(required=True)
    as_of = Moment(required=True)
    window = Text(most=16, example="2025-12..2026-11", required=True)
    terms = fields.Nested(AgreedTermsView, required=True)
    organizations = fields.List(fields.Nested(SideReportView), required=True)
    index = fields.Nested(IndexView, required=True)
    findings = fields.Nested(FindingsView, required=True)
    next_to_give = fields.Nested(NextToGiveView, required=True, allow_none=True)
    begins_with_offering = Flag(
        example=True,
        required=True,
        metadata={"description": "Already how many leads were offered makes the difference, before any step."},
    )
    funnels = fields.List(fields.Nested(FunnelView), required=True)
    differences = fields.List(fields.Nested(StageDifferenceView), required=True)
    segments = fields.List(fields.Nested(SegmentsView), required=True)

    @pre_dump
    def write_out(self, sheet: FactSheet, **_: Any) -> dict[str, Any]:
        """Order by organization and write exact values as decimals."""
        report = sheet.report
        sides = [report.first.organization_id, report.second.organization_id]
        return {
            "partnership_id": report.partnership_id,
            "as_of": report.as_of,
            "window": str(sheet.window),
            "terms": report.terms,
            "organizations": [report.first, report.second],
            "index": index_of(report.index),
            "findings": laid_out(report.findings, sides),
            "next_to_give": _next(sheet.turn, sides),
            "begins_with_offering": sheet.begins_with_offering,
            "funnels": [
                {"organization_id": side, "stages": _stages(one)}
                for side, one in zip(sides, sheet.funnels, strict=True)
            ],
            "differences": [_difference(one, sides) for one in sheet.differences],
            "segments": [{"by": by, "rows": [_segment(one) for one in rows]} for by, rows in sheet.segments.items()],
        }


def _next(turn: Turn | None, sides: Sequence[UUID]) -> dict[str, Any] | None:
    return None if turn is None else {"organization_id": sides[turn.place], "leads": turn.leads}


def _stages(funnel: Funnel) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage,
            "reached": one.reached,
            "passed": one.passed,
            "ended": one.ended,
            "still_open": one.still_open,
            "rate_percent": None if one.rate is None else written(one.rate * 100, 1),
            "interval": interval_of(one.interval),
        }
        for stage, one in funnel.items()
    ]


def _difference(one: Difference, sides: Sequence[UUID]) -> dict[str, Any]:
    return {
        "organization_id": sides[one.place],
        "stage": one.stage,
        "leads": written(one.leads, 1),
        "beyond_chance": one.is_told,
        "widens": one.counts,
    }


def _segment(one: Segment) -> dict[str, Any]:
    return {
        "keys": list(one.keys),
        "name": one.name,
        "first": one.given.first,
        "second": one.given.second,
        "beyond_share": written(one.beyond, 2),
    }
