"""Where are the leads? The reciprocity report, and how every exchange stands."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import format_date, format_timedelta
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import ContestStep, DeclineReason, OfferStatus
from partnercrm.leads.pages import credit, reckoning, verdicts
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.glances import glances, to_do
from partnercrm.leads.pages.reckoning import AskRecord
from partnercrm.leads.queries import reports, requests
from partnercrm.leads.queries.indexes import Month
from partnercrm.leads.queries.reports import Report, SideReport
from partnercrm.leads.reciprocity import written
from partnercrm.leads.tallies import NOTHING
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import charts, frame
from partnercrm.web.page import Form

_DRAWN_MONTHS: Final = 18
_ENDED: Final = (
    OfferStatus.DECLINED,
    OfferStatus.EXPIRED,
    OfferStatus.RETURNED,
    OfferStatus.DISQUALIFIED,
    OfferStatus.LOST,
)


@pages.show("/exchange", scope="reports:read")
def exchange(actor: Actor) -> AnyResponse | str:
    """Show how the exchange stands in every partnership; with a single one, its report."""
    found = glances(actor)
    if len(found) == 1:
        known, as_of = found[0].partnership.id, request.args.get("as_of")
        return redirect(url_for("leads_pages.reciprocity", partnership_id=known, as_of=as_of), 303)
    return render_template("leads/exchange.html", exchanges=found, to_do=to_do(actor, found))


@pages.show("/partnerships/<uuid:partnership_id>/reciprocity", scope="reports:read")
def reciprocity(actor: Actor, partnership_id: UUID) -> str:
    """Show who gave what, what became of it, and how fast it was answered; the same page for both sides."""
    today = clock.now().date()
    filters = Form.asked()
    given = filters.load(AskRecord)
    asked = given.get("as_of", today)
    as_of = min(asked, today)
    moment = reckoning.end_of(as_of)
    agreed = partnerships.joined_partnership(actor, partnership_id).terms
    report = reports.reciprocity_report(actor, partnership_id, moment, reckoning.asked(given, agreed))
    months = list(_every_month(report.months, as_of))
    share = report.index.exchange.share_first
    return render_template(
        "leads/reciprocity.html",
        report=report,
        begun=report.has_begun,
        recorded_from=None if report.has_begun else reports.first_recorded_at(actor, partnership_id),
        too_late=asked > today,
        as_of=as_of,
        today=today,
        ended=[_ended(report.first), _ended(report.second)],
        share=written(share * 100, 0) if share is not None else None,
        next_to_give=_next_to_give(report),
        turn=requests.turn_of(actor, partnership_id) if as_of == today and agreed.trust_advance else None,
        index=drawn_index(report) if share is not None else None,
        said=verdicts.told(report) if share is not None else None,
        since=format_date(_first_day(report.index.since), "MMMM y") if report.index.since else None,
        earlier=[(measure, format_date(_first_day(month), "MMMM y")) for measure, month in report.index.earlier],
        drawing=charts.exchange_by_month(_rows(months[-_DRAWN_MONTHS:])) if months else None,
        months=[(format_date(_first_day(month.month), "MMM y"), month) for month in months],
        beside=credit.told(report),
        sides=[_answers(report.first, report.second), _answers(report.second, report.first)],
        asked=reckoning.laid_out(report.reckoning, as_of),
        span=reckoning.months(report.reckoning.window),
        filters=filters,
        choices=reckoning.choices(),
        files=frame.panels("reciprocity", actor, report, moment),
    )


def _ended(side: SideReport) -> list[tuple[str, int]]:
    corrected = (frame.words(ContestStep.CORRECTED), side.contests[ContestStep.CORRECTED])
    ended = [(frame.words(status), side.given[status]) for status in _ENDED]
    return [(words, count) for words, count in (*ended, corrected) if count]


def _next_to_give(report: Report) -> tuple[str, int] | None:
    due = report.index.turn
    return ((report.first, report.second)[due.place].name, due.leads) if due else None


def drawn_index(report: Report) -> charts.Drawing:
    """Draw the share given beside the agreed band, of a report whose index counts at least one lead."""
    agreed, tolerance = report.terms.share_given_percent, report.terms.tolerance_points
    low, high = max(0, agreed - tolerance), min(100, agreed + tolerance)
    counted = report.index.exchange
    share = charts.Share(
        value=counted.first / (counted.first + counted.second),
        agreed=agreed / 100,
        low=low / 100,
        high=high / 100,
        likely=report.findings.interval,
    )
    label = _("agreed %(agreed)s %%, tolerated %(low)s to %(high)s %%", agreed=agreed, low=low, high=high)
    return charts.share_given(share, label)


def _every_month(months: Sequence[Month], until: date) -> Iterator[Month]:
    known = {month.month: month for month in months}
    if not known:
        return
    present, last = min(known), max(*known, f"{until:%Y-%m}")
    while present <= last:
        yield known.get(present, Month(present, NOTHING, NOTHING))
        present = f"{_first_day(present) + timedelta(days=31):%Y-%m}"


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _rows(months: Sequence[Month]) -> list[charts.MonthRow]:
    rows = []
    for place, month in enumerate(months):
        day = _first_day(month.month)
        label = format_date(day, "MMM\ny") if place == 0 or day.month == 1 else format_date(day, "MMM")
        first, second = (given.counts[OfferStatus.OFFERED] for given in (month.first, month.second))
        rows.append(charts.MonthRow(label, first, second))
    return rows


def _answers(side: SideReport, other: SideReport) -> dict[str, Any]:
    """Return how `side` answered what `other` gave; declined leads stand with their giver in the report."""
    median = side.responses.median_seconds
    return {
        "name": side.name,
        "responses": side.responses,
        "median": format_timedelta(timedelta(seconds=median)) if median is not None else None,
        "reasons": [(frame.words(DeclineReason(reason)), count) for reason, count in other.declined_for],
    }
