"""A fact sheet as it is copied into a case: plain facts that stay as they were, the same for both sides."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from partnercrm.leads.factsheet import Difference, Passing, Segment, Stage
from partnercrm.leads.intervals import Interval
from partnercrm.leads.queries.factsheets import FactSheet
from partnercrm.leads.queries.reports import SideReport
from partnercrm.leads.reciprocity import written
from partnercrm.leads.reckoning import By

_FEW: Final = 3
_LONGEST_NAME: Final = 100
_LONGEST: Final = 500
_STAGES: Final = {Stage.ANSWER: "Answer", Stage.QUALIFICATION: "Qualification", Stage.DEAL: "Deal"}
_ROWS: Final = {By.PRODUCT: "product line", By.REGION: "country", By.INDUSTRY: "industry"}


def finding(sheet: FactSheet, title: str) -> Mapping[str, Any]:
    """Return what the record shows, as a case takes it: `title` and `facts`."""
    lines = (*_standing(sheet), *_stages(sheet), *_differences(sheet), *_segments(sheet), *_answers(sheet))
    return {
        "title": title,
        "facts": [{"name": name[:_LONGEST_NAME], "value": value[:_LONGEST]} for name, value in lines],
    }


def _standing(sheet: FactSheet) -> Iterator[tuple[str, str]]:
    report = sheet.report
    first, second, counted, terms = report.first, report.second, report.index.exchange, report.terms
    low, high = terms.share_given_percent - terms.tolerance_points, terms.share_given_percent + terms.tolerance_points
    yield "Months", f"{sheet.window.first or 'from the beginning'} to {sheet.window.last}"
    yield f"Leads {report.index.measure.value}", f"{first.name} {counted.first}, {second.name} {counted.second}"
    share = counted.share_first
    if share is not None:
        likely = report.findings.interval or Interval(0, 1)
        chance = f"between {100 * likely.low:.0f} and {100 * likely.high:.0f} % when chance is allowed for"
        tolerated = f"tolerated {max(low, 0)} to {min(high, 100)} %"
        yield f"Share of {first.name}", f"{written(share * 100, 1)} %, {chance}; {tolerated}"
    if sheet.turn is not None:
        yield "Next to give", f"{(first, second)[sheet.turn.place].name} ({sheet.turn.leads})"


def _stages(sheet: FactSheet) -> Iterator[tuple[str, str]]:
    if sheet.begins_with_offering:
        yield "Where the difference begins", "With how many leads are offered, before any step"
    for side, funnel in zip((sheet.report.first, sheet.report.second), sheet.funnels, strict=True):
        for stage, one in funnel.items():
            yield f"{_STAGES[stage]}, leads of {side.name}", _passing(one)


def _passing(one: Passing) -> str:
    rate = "" if one.rate is None else f" ({written(one.rate * 100, 1)} % of those settled)"
    return f"{one.passed} of {one.reached} came on{rate}, {one.ended} ended, {one.still_open} are there yet"


def _differences(sheet: FactSheet) -> Iterator[tuple[str, str]]:
    names = sheet.report.first.name, sheet.report.second.name
    for one in sheet.differences:
        yield f"Where the directions differ: {_STAGES[one.stage].lower()}", _difference(one, names[one.place])


def _difference(one: Difference, name: str) -> str:
    chance = "more than chance" if one.is_told else "may be chance"
    return f"{written(one.leads, 1)} leads of {name} fewer came on than at the other direction's rate; {chance}"


def _segments(sheet: FactSheet) -> Iterator[tuple[str, str]]:
    first = sheet.report.first.name
    for by, words in _ROWS.items():
        told = [_segment(one) for one in sheet.segments[by][:_FEW] if one.beyond]
        if told:
            yield f"Leads of {first} beyond the agreed share, by {words}", "; ".join(told)


def _segment(one: Segment) -> str:
    named = one.name or ", ".join(key or "not given" for key in one.keys[:_FEW])
    more = f" and {len(one.keys) - _FEW} more" if len(one.keys) > _FEW else ""
    return f"{named}{more} {'+' if one.beyond > 0 else ''}{written(one.beyond, 1)}"


def _answers(sheet: FactSheet) -> Iterator[tuple[str, str]]:
    hours = sheet.report.terms.response_hours
    for side, other in ((sheet.report.first, sheet.report.second), (sheet.report.second, sheet.report.first)):
        answered = side.responses
        typical = (
            "" if answered.median_seconds is None else f", typically after {answered.median_seconds // 3600} hours"
        )
        yield (
            f"Answers of {side.name}",
            f"{answered.in_time} of {answered.answered} within the agreed {hours} working hours{typical}",
        )
        yield from _reasons(side, other)


def _reasons(side: SideReport, other: SideReport) -> Iterator[tuple[str, str]]:
    """Tell for what `side` declined and disqualified what `other` gave."""
    for words, reasons in (("declined", other.declined_for), ("disqualified", other.credit.disqualified_for)):
        if reasons:
            told = ", ".join(f"{reason.replace('_', ' ')} {count}" for reason, count in reasons)
            yield f"What {side.name} {words} for", told
