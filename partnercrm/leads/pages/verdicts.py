"""What can be said of a share in words: of causes and progress, whose turn it is, never of guilt or winners."""

from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from partnercrm.leads.clusters import Clusters, leads
from partnercrm.leads.intervals import Interval
from partnercrm.leads.power import VOLUMES, chances
from partnercrm.leads.queries.reports import Report
from partnercrm.leads.reciprocity import Exchange, written
from partnercrm.leads.verdict import Judgement, Verdict
from partnercrm.leads.windows import Window

_NOISE: Final = 1e-9


def told(report: Report) -> dict[str, Any]:
    """Return shares by side and what is said of them, of a report whose index counts at least one lead."""
    found = report.findings
    return {
        "sides": _sides(report),
        "chance": _chance(report),
        "ended": found.ended
        and [span(found.ended.window), _verdict(report, found.ended.judgement, found.ended.clusters)],
        "present": [span(found.present.window), _present(report)],
        "power": _power(report),
        "volumes": _volumes(report),
    }


def _sides(report: Report) -> list[dict[str, Any]]:
    counted, agreed, points = report.index.exchange, report.terms.share_given_percent, report.terms.tolerance_points
    likely = report.findings.interval or Interval(0, 1)
    both = (
        (report.first.name, counted, likely, agreed),
        (report.second.name, Exchange(counted.second, counted.first), likely.mirrored(), 100 - agreed),
    )
    return [
        {
            "name": name,
            "share": written(Fraction(100 * exchange.first, exchange.first + exchange.second), 1),
            **dict(zip(("low", "high"), _outwards(interval), strict=True)),
            "agreed": own,
            "tolerated": (max(0, own - points), min(100, own + points)),
        }
        for name, exchange, interval, own in both
    ]


def _chance(report: Report) -> Any:
    low, high = _outwards(report.findings.interval or Interval(0, 1))
    return _(
        "Between %(low)s and %(high)s %% from %(first)s, chance allowed for: the line across the bar.",
        low=low,
        high=high,
        first=report.first.name,
    )


def _verdict(report: Report, judgement: Judgement, clusters: Clusters) -> Any:
    if not sum(leads(clusters)):
        return _("No lead counted.")
    if judgement.ahead is not None:
        return _(
            "Next to give: %(name)s. More than chance moved the share out of the agreed tolerance; look for the cause.",
            name=(report.second, report.first)[judgement.ahead].name,
        )
    return {
        Verdict.WITHIN: _("Within tolerance so far; with so few leads chance may still hide a difference."),
        Verdict.BALANCED: _("Balanced: within the agreed tolerance, chance allowed for."),
        Verdict.TOO_FEW: _("Too few leads to tell a cause from chance."),
    }[judgement.verdict]


def _present(report: Report) -> Any:
    present = report.findings.present
    given = sum(leads(present.clusters))
    if spoken := present.running.spoken:
        return _(
            "Already clear from its completed months: %(verdict)s", verdict=_verdict(report, spoken, present.clusters)
        )
    so_far = ngettext("%(num)d lead counts so far.", "%(num)d leads count so far.", given)
    if present.window.last is None:
        return so_far + " " + _("A verdict is spoken once its completed months leave no doubt.")
    return so_far + " " + _("The verdict is spoken at its end, or once its completed months leave no doubt.")


def _power(report: Report) -> Any:
    """Say what windows of as many leads can find; in one figure where it is the same for both sides."""
    found, counted = report.findings, report.index.exchange
    if not found.chances:
        return None
    leads_ = ngettext("%(num)d lead", "%(num)d leads", counted.first + counted.second)
    if (worth := int(found.effective)) < counted.first + counted.second:
        leads_ += " " + ngettext(
            "(which tell as much as %(num)d that came alone)", "(which tell as much as %(num)d that came alone)", worth
        )
    shares = _shares(report)
    return _(
        "With %(leads)s and ± %(points)s points, %(shares)s of 100 such windows.",
        leads=leads_,
        points=report.terms.tolerance_points,
        shares=shares,
    )


def _volumes(report: Report) -> list[tuple[int, list[int]]]:
    """Return in how many of a hundred windows the same imbalances would be found among fewer and more leads."""
    terms = report.terms
    return [
        (number, [round(100 * one.found) for one in chances(number, terms.share_given_percent, terms.tolerance_points)])
        for number in VOLUMES
        if report.findings.chances
    ]


def _shares(report: Report) -> Any:
    one, *others = report.findings.chances
    if [(other.percent, round(100 * other.found)) for other in others] == [(one.percent, round(100 * one.found))]:
        return _(
            "a true %(share)s : %(rest)s would be found in %(found)s",
            share=one.percent,
            rest=100 - one.percent,
            found=round(100 * one.found),
        )
    names = (report.first.name, report.second.name)
    return _(" and ").join(
        _(
            "a true %(share)s %% from %(name)s would be found in %(found)s",
            share=one.percent,
            name=names[one.place],
            found=round(100 * one.found),
        )
        for one in report.findings.chances
    )


def span(window: Window) -> Any:
    """Say which months a window holds."""
    first = _month(window.first)
    if window.last is None:
        return _("Since %(month)s", month=first)
    return first if window.first == window.last else _("%(first)s to %(last)s", first=first, last=_month(window.last))


def _month(month: str) -> Any:
    return format_date(date.fromisoformat(f"{month}-01"), "MMMM y")


def _outwards(interval: Interval) -> tuple[int, int]:
    """Return whole percents that hold the interval."""
    return floor(100 * interval.low + _NOISE), ceil(100 * interval.high - _NOISE)
