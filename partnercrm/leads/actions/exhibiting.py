"""A fact sheet as it is copied into a case: plain facts that stay as they were, the same for both sides."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from partnercrm.kernel.errors import Told
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
_REASONED: Final = ("What %(name)s declined for", "What %(name)s disqualified for")
_Line = tuple[str, str]


def finding(sheet: FactSheet, title: str) -> Mapping[str, Any]:
    """Return what the record shows, as a case takes it: `title` and `facts`."""
    lines = (*_standing(sheet), *_stages(sheet), *_differences(sheet), *_segments(sheet), *_answers(sheet))
    return {
        "title": title,
        "facts": [{"name": _cut(name, _LONGEST_NAME), "value": _cut(value, _LONGEST)} for name, value in lines],
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most]


def _joined(between: str, parts: Sequence[str]) -> Told:
    """Return parts one after the other, each of which is said in its reader's language."""
    places = between.join(f"%(part{place})s" for place in range(len(parts)))
    return Told(places, **{f"part{place}": part for place, part in enumerate(parts)})


def _standing(sheet: FactSheet) -> Iterator[_Line]:
    report = sheet.report
    first, second, counted, terms = report.first, report.second, report.index.exchange, report.terms
    low, high = terms.share_given_percent - terms.tolerance_points, terms.share_given_percent + terms.tolerance_points
    begins = sheet.window.first or Told("from the beginning")
    yield Told("Months"), Told("%(first)s to %(last)s", first=begins, last=sheet.window.last)
    gave = {"first": first.name, "given": counted.first, "second": second.name, "received": counted.second}
    measure = Told.of(report.index.measure.value)
    yield Told("Leads %(measure)s", measure=measure), Told("%(first)s %(given)s, %(second)s %(received)s", **gave)
    share = counted.share_first
    if share is not None:
        likely = report.findings.interval or Interval(0, 1)
        yield (
            Told("Share of %(name)s", name=first.name),
            Told(
                "%(share)s %%, between %(least)s and %(most)s %% when chance is allowed for; tolerated %(low)d to"
                " %(high)d %%",
                share=written(share * 100, 1),
                least=f"{100 * likely.low:.0f}",
                most=f"{100 * likely.high:.0f}",
                low=max(low, 0),
                high=min(high, 100),
            ),
        )
    if sheet.turn is not None:
        turn = {"name": (first, second)[sheet.turn.place].name, "leads": sheet.turn.leads}
        yield Told("Next to give"), Told("%(name)s (%(leads)d)", **turn)


def _stages(sheet: FactSheet) -> Iterator[_Line]:
    if sheet.begins_with_offering:
        yield Told("Where the difference begins"), Told("With how many leads are offered, before any step")
    for side, funnel in zip((sheet.report.first, sheet.report.second), sheet.funnels, strict=True):
        for stage, one in funnel.items():
            named = Told("%(stage)s, leads of %(name)s", stage=Told(_STAGES[stage]), name=side.name)
            yield named, _passing(one)


def _passing(one: Passing) -> Told:
    counts = {"passed": one.passed, "reached": one.reached, "ended": one.ended, "open": one.still_open}
    if one.rate is None:
        return Told("%(passed)d of %(reached)d came on, %(ended)d ended, %(open)d are there yet", **counts)
    return Told(
        "%(passed)d of %(reached)d came on (%(rate)s %% of those settled), %(ended)d ended, %(open)d are there yet",
        rate=written(one.rate * 100, 1),
        **counts,
    )


def _differences(sheet: FactSheet) -> Iterator[_Line]:
    names = sheet.report.first.name, sheet.report.second.name
    for one in sheet.differences:
        stage = Told(_STAGES[one.stage].lower())
        yield Told("Where the directions differ: %(stage)s", stage=stage), _difference(one, names[one.place])


def _difference(one: Difference, name: str) -> Told:
    return Told(
        "%(leads)s leads of %(name)s fewer came on than at the other direction's rate; %(chance)s",
        leads=written(one.leads, 1),
        name=name,
        chance=Told("more than chance") if one.is_told else Told("may be chance"),
    )


def _segments(sheet: FactSheet) -> Iterator[_Line]:
    first = sheet.report.first.name
    for by, words in _ROWS.items():
        told = [_segment(one) for one in sheet.segments[by][:_FEW] if one.beyond]
        if told:
            beyond = {"name": first, "by": Told(words)}
            yield Told("Leads of %(name)s beyond the agreed share, by %(by)s", **beyond), _joined("; ", told)


def _segment(one: Segment) -> Told:
    named = one.name or _joined(", ", [key or Told("not given") for key in one.keys[:_FEW]])
    beyond = f"{'+' if one.beyond > 0 else ''}{written(one.beyond, 1)}"
    if len(one.keys) <= _FEW:
        return Told("%(named)s %(beyond)s", named=named, beyond=beyond)
    return Told("%(named)s and %(more)d more %(beyond)s", named=named, more=len(one.keys) - _FEW, beyond=beyond)


def _answers(sheet: FactSheet) -> Iterator[_Line]:
    hours = sheet.report.terms.response_hours
    for side, other in ((sheet.report.first, sheet.report.second), (sheet.report.second, sheet.report.first)):
        answered = side.responses
        counts = {"in_time": answered.in_time, "due": answered.due, "hours": hours}
        said = Told("%(in_time)d of %(due)d that were due within the agreed %(hours)d working hours", **counts)
        if answered.median_seconds is not None:
            typical = answered.median_seconds // 3600
            said = Told("%(said)s, typically after %(typical)d hours", said=said, typical=typical)
        yield Told("Answers of %(name)s", name=side.name), said
        yield from _reasons(side, other)


def _reasons(side: SideReport, other: SideReport) -> Iterator[_Line]:
    """Tell for what `side` declined and disqualified what `other` gave."""
    for named, reasons in zip(_REASONED, (other.declined_for, other.credit.disqualified_for), strict=True):
        if reasons:
            told = [Told("%(reason)s %(count)d", reason=Told.of(of.replace("_", " ")), count=n) for of, n in reasons]
            yield Told(named, name=side.name), _joined(", ", told)
