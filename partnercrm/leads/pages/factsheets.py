"""The fact sheet as a page that fits on paper: where leads end, where a difference sits, in words of causes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import render_template
from flask_babel import format_date, format_timedelta
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.factsheet import Difference, Segment, Stage
from partnercrm.leads.lifecycle import DeclineReason, DisqualifyReason
from partnercrm.leads.pages import verdicts
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.reports import drawn_index
from partnercrm.leads.queries import factsheets
from partnercrm.leads.queries.factsheets import FactSheet
from partnercrm.leads.queries.reports import SideReport
from partnercrm.leads.reciprocity import written
from partnercrm.leads.reckoning import By
from partnercrm.web import frame
from partnercrm.web.page import Form

_ROWS: Final = (By.PRODUCT, By.REGION, By.INDUSTRY)
_SHOWN: Final = 4
_NAMED: Final = 3


@pages.show("/partnerships/<uuid:partnership_id>/fact-sheet", scope="reports:read")
def fact_sheet(actor: Actor, partnership_id: UUID) -> str:
    """Show what both sides begin with when they look for a cause; the same page for both."""
    asked = Form.asked().load(schemas.FactSheetQuery)
    sheet = factsheets.fact_sheet(actor, partnership_id, asked.get("as_of"))
    report = sheet.report
    has_share = report.index.exchange.share_first is not None
    return render_template(
        "leads/fact_sheet.html",
        report=report,
        months=_months(sheet),
        since=format_date(date.fromisoformat(f"{report.index.since}-01"), "MMMM y") if report.index.since else None,
        said=verdicts.told(report) if has_share else None,
        drawing=drawn_index(report) if has_share else None,
        share=written(report.index.exchange.share_first * 100, 0) if report.index.exchange.share_first else "0",
        turn=((report.first, report.second)[sheet.turn.place].name, sheet.turn.leads) if sheet.turn else None,
        stages=[(frame.words(stage), *(funnel[stage] for funnel in sheet.funnels)) for stage in Stage],
        percent=lambda rate: None if rate is None else written(rate * 100, 0),
        differences=_differences(sheet),
        segments=[(frame.words(by), _segments(by, sheet.segments[by])) for by in _ROWS if sheet.segments[by]],
        answers=[_answers(report.first, report.second), _answers(report.second, report.first)],
    )


def _months(sheet: FactSheet) -> str:
    first, last = sheet.window
    until = format_date(date.fromisoformat(f"{last}-01"), "MMMM y")
    if first is None:
        return str(_("Everything until %(last)s", last=until))
    return str(_("%(first)s to %(last)s", first=format_date(date.fromisoformat(f"{first}-01"), "MMMM y"), last=until))


def _differences(sheet: FactSheet) -> list[str]:
    """Say where the difference begins, and at which steps whole leads were fewer than in the other direction."""
    told = [_difference(one, sheet) for one in sheet.differences if one.leads >= 1]
    if not sheet.begins_with_offering:
        return told
    first, second = (
        (side.name, funnel[Stage.ANSWER].reached)
        for side, funnel in zip((sheet.report.first, sheet.report.second), sheet.funnels, strict=True)
    )
    begins = _(
        "Offering: %(first)s offered %(a)s leads and %(second)s %(b)s. The difference begins here, before any step.",
        first=first[0],
        a=first[1],
        second=second[0],
        b=second[1],
    )
    return [str(begins), *told]


def _difference(one: Difference, sheet: FactSheet) -> str:
    """Say at which step fewer leads came on, by how many, and whether that is more than chance."""
    names = sheet.report.first.name, sheet.report.second.name
    told = {
        "name": names[one.place],
        "stage": frame.words(one.stage),
        "leads": written(one.leads, 0) or "0",
        "other": names[1 - one.place],
    }
    if one.is_told:
        return str(
            _(
                "%(stage)s: at the rate of %(other)s's leads, %(leads)s more of %(name)s's would have come on. More"
                " than chance: look for the cause here.",
                **told,
            )
        )
    return str(
        _(
            "%(stage)s: at the rate of %(other)s's leads, %(leads)s more of %(name)s's would have come on; that may be"
            " chance.",
            **told,
        )
    )


def _segments(by: By, rows: Sequence[Segment]) -> list[tuple[str, Segment, str | None]]:
    return [(_named(by, row), row, written(row.beyond, 1)) for row in rows[:_SHOWN]]


def _named(by: By, row: Segment) -> str:
    named = [_key(by, key, row.name) for key in row.keys[:_NAMED]]
    more = len(row.keys) - _NAMED
    return ", ".join([*named, *([str(_("%(count)s more", count=more))] if more > 0 else [])])


def _key(by: By, key: str | None, name: str | None) -> str:
    if key is None:
        return str(_("Not given"))
    if by is By.REGION:
        return frame.country(key)
    return name or (str(_("Another line")) if by is By.PRODUCT else key)


def _answers(side: SideReport, other: SideReport) -> dict[str, Any]:
    """Return how one side answered what the other gave, and what it declined and disqualified for."""
    median = side.responses.median_seconds
    return {
        "name": side.name,
        "responses": side.responses,
        "median": format_timedelta(timedelta(seconds=median)) if median is not None else None,
        "declined": [(frame.words(DeclineReason(reason)), count) for reason, count in other.declined_for],
        "disqualified": [
            (frame.words(DisqualifyReason(reason)), count) for reason, count in other.credit.disqualified_for
        ],
        "junk": other.credit.junk,
    }
