"""Shapes of the reciprocity report: exact values written as decimal strings, ordered by organization."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.queries.credits import Credit
from partnercrm.leads.queries.indexes import Index, Month
from partnercrm.leads.queries.reports import Report, SideReport
from partnercrm.leads.reciprocity import Exchange, written
from partnercrm.leads.schemas.reckoning import ReckoningView, ReckonQuery
from partnercrm.leads.schemas.verdicts import FindingsView, laid_out
from partnercrm.leads.tallies import Given
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.schemas import AgreedTermsView
from partnercrm.web.shapes import Choice, Id, Moment, MoneyShape, Shape, Text, Whole


class ReportQuery(ReckonQuery):
    """As of when, and what is asked of the record."""

    as_of = Moment(metadata={"description": "What had been recorded by then; now when left out."})


class ResponsesView(Shape):
    """How an organization answered what it received."""

    answered = Whole(least=0, most=10**9, example=40, required=True)
    in_time = Whole(least=0, most=10**9, example=31, required=True)
    median_seconds = Whole(least=0, most=10**9, example=86400, required=True, allow_none=True)
    expired = Whole(least=0, most=10**9, example=2, required=True, metadata={"description": "Never answered."})
    waiting = Whole(least=0, most=10**9, example=4, required=True)
    overdue = Whole(
        least=0,
        most=10**9,
        example=1,
        required=True,
        metadata={"description": "Of those waiting, past the agreed time."},
    )


class ReasonView(Shape):
    """A reason and how often it was given."""

    reason = Text(most=40, example="no_capacity", required=True)
    count = Whole(least=0, most=10**9, example=7, required=True)


_COUNTS: dict[str, fields.Field[Any]] = {
    status.value: Whole(least=0, most=10**9, example=12, required=True) for status in OfferStatus
}
GivenView = Shape.from_dict(_COUNTS, name="GivenView")
_MONTH: dict[str, fields.Field[Any]] = {
    measure.value: Whole(least=0, most=10**9, example=3, required=True) for measure in Measure
}
_WON: dict[str, fields.Field[Any]] = {
    "won_values": fields.List(fields.Nested(MoneyShape), required=True),
    "won_in_bands": Whole(least=0, most=10**9, example=0, required=True),
}
_CREDITED: dict[str, fields.Field[Any]] = {
    "credited": Whole(
        least=0,
        most=10**9,
        example=3,
        required=True,
        metadata={"description": "Of the qualified leads, those that count: a company's need once in 90 days."},
    ),
    "restored": Whole(
        least=0,
        most=10**9,
        example=0,
        required=True,
        metadata={"description": "Leads that were not taken and that a case decided in this month credits."},
    ),
    "accepted_again": Whole(
        least=0,
        most=10**9,
        example=0,
        required=True,
        metadata={"description": "Of the accepted leads, those that do not count: their need did within 90 days."},
    ),
}
MonthCountsView = Shape.from_dict(_MONTH | _CREDITED | _WON, name="MonthCountsView")


_CONTESTS: dict[str, fields.Field[Any]] = {
    step.value: Whole(least=0, most=10**9, example=1, required=True) for step in ContestStep
}
ContestsView = Shape.from_dict(_CONTESTS, name="ContestsView")


_TOLD: dict[str, Any] = {"least": 8, "most": 10**9, "example": 16, "required": True, "allow_none": True}


class WindowTotalView(Shape):
    """What an agreed window that is over tells of leads and their receiver's own; null: too few to tell.

    Both are told rounded down, in steps of eight, by a few that nobody knows: so many at least.
    """

    first_month = Text(most=7, example="2026-01", required=True)
    last_month = Text(most=7, example="2026-12", required=True)
    pursued = Whole(
        **_TOLD,
        metadata={"description": "Leads not taken, and then among the receiver's own within 180 days of the offer."},
    )
    influenced = Whole(
        **_TOLD, metadata={"description": "Qualified leads whose company's need the receiver had before the offer."}
    )


class CreditView(Shape):
    """Qualified leads that are credited: one of a company's need in 90 days; and what was disqualified for what.

    `in_all` adds what cases restored and what ended windows told to be pursued beyond that, and leaves out what was
    told to be influenced. `junk` are accepted leads disqualified for their quality: no need, no budget, wrong contact,
    unreachable.
    """

    in_all = Whole(least=0, most=10**9, example=28, required=True)
    credited = Whole(least=0, most=10**9, example=20, required=True)
    repeated = Whole(least=0, most=10**9, example=1, required=True)
    accepted_again = Whole(
        least=0,
        most=10**9,
        example=0,
        required=True,
        metadata={"description": "Accepted leads that do not count: their company's need did within 90 days."},
    )
    restored = Whole(least=0, most=10**9, example=1, required=True)
    pursued = Whole(least=0, most=10**9, example=7, required=True)
    influenced = Whole(least=0, most=10**9, example=0, required=True)
    windows = fields.List(fields.Nested(WindowTotalView), required=True)
    disqualified_for = fields.List(fields.Nested(ReasonView), required=True)
    junk = Whole(least=0, most=10**9, example=3, required=True)
    junk_percent = Text(most=12, example="7.5", required=True, allow_none=True)

    @pre_dump
    def write_out(self, credit: Credit, **_: Any) -> dict[str, Any]:
        """Turn pairs into named figures and the share into a decimal."""
        share = credit.junk.share
        return {
            "credited": credit.credited,
            "repeated": credit.repeated,
            "accepted_again": credit.accepted_again,
            "restored": credit.restored,
            "in_all": credit.in_all,
            **credit.beside._asdict(),
            "windows": credit.windows,
            "disqualified_for": [{"reason": r, "count": c} for r, c in credit.disqualified_for],
            "junk": credit.junk.leads,
            "junk_percent": None if share is None else written(share * 100, 1),
        }


class SideReportView(Shape):
    """What one organization gave, and how it answered what it received."""

    organization_id = Id(required=True)
    name = Text(most=200, example="Acme", required=True)
    given = fields.Nested(GivenView, required=True)
    still_open = Whole(
        least=0,
        most=10**9,
        example=4,
        required=True,
        metadata={"description": "Of the leads it gave, those that had come to no end."},
    )
    won_values = fields.List(fields.Nested(MoneyShape), required=True)
    won_in_bands = Whole(least=0, most=10**9, example=0, required=True)
    contests = fields.Nested(ContestsView, required=True)
    credit = fields.Nested(CreditView, required=True)
    declined_for = fields.List(fields.Nested(ReasonView), required=True)
    responses = fields.Nested(ResponsesView, required=True)

    @pre_dump
    def name_reasons(self, side: SideReport, **_: Any) -> dict[str, Any]:
        """Turn pairs into named figures."""
        values = {name: getattr(side, name) for name in SideReport.__dataclass_fields__}
        return values | {"declined_for": [{"reason": r, "count": c} for r, c in side.declined_for]}


class ExchangeView(Shape):
    """The exchange by one measure, seen from the first organization. Decimal strings; null when undefined."""

    measure = Choice(Measure, required=True)
    first = Whole(least=0, most=10**9, example=60, required=True)
    second = Whole(least=0, most=10**9, example=40, required=True)
    share_first_percent = Text(most=12, example="60.0", required=True, allow_none=True)
    balance = Text(most=12, example="0.8000", required=True, allow_none=True)
    net = Text(most=12, example="0.2000", required=True, allow_none=True)
    ratio = Text(most=20, example="1.5000", required=True, allow_none=True)


class EarlierMeasureView(Shape):
    """A measure by which the window's months counted before the one in force, and the last of these months."""

    measure = Choice(Measure, required=True)
    until = Text(most=7, example="2025-09", required=True)


class IndexView(Shape):
    """What counts for the agreed share: each month of the window by the measure in force when the month began."""

    measure = Choice(Measure, required=True, metadata={"description": "The one in force at the end."})
    since = Text(most=7, example="2025-04", required=True, allow_none=True)
    earlier = fields.List(fields.Nested(EarlierMeasureView), required=True)
    first = Whole(least=0, most=10**9, example=60, required=True)
    second = Whole(least=0, most=10**9, example=40, required=True)
    share_first_percent = Text(most=12, example="60.0", required=True, allow_none=True)


class MonthView(Shape):
    """One month (UTC): what each organization gave, in the order of the organizations."""

    month = Text(most=7, example="2026-03", required=True)
    first = fields.Nested(MonthCountsView, required=True)
    second = fields.Nested(MonthCountsView, required=True)

    @pre_dump
    def lay_out(self, month: Month, **_: Any) -> dict[str, Any]:
        """Put the values won beside the counts."""
        return {"month": month.month, "first": _flat(month.first), "second": _flat(month.second)}


def index_of(index: Index) -> dict[str, Any]:
    """Write what counts for the agreed share for its shape."""
    return {
        "measure": index.measure,
        "since": index.since,
        "earlier": [{"measure": measure, "until": month} for measure, month in index.earlier],
        "first": index.exchange.first,
        "second": index.exchange.second,
        "share_first_percent": _percent(index.exchange),
    }


def _percent(exchange: Exchange) -> str | None:
    share = exchange.share_first
    return None if share is None else written(share * 100, 1)


def _flat(given: Given) -> dict[str, Any]:
    told = {
        "credited": given.credited,
        "restored": given.restored,
        "accepted_again": given.accepted_again,
        "won_values": given.won_values,
        "won_in_bands": given.won_in_bands,
    }
    return {**given.counts, **told}


class ReportView(Shape):
    """The reciprocity report: the same bytes for both sides. `organizations[0]` is `first`, `[1]` is `second`."""

    partnership_id = Id(required=True)
    as_of = Moment(required=True)
    terms = fields.Nested(AgreedTermsView, required=True)
    organizations = fields.List(fields.Nested(SideReportView), required=True)
    index = fields.Nested(IndexView, required=True)
    findings = fields.Nested(FindingsView, required=True)
    exchanges = fields.List(fields.Nested(ExchangeView), required=True)
    months = fields.List(fields.Nested(MonthView), required=True)
    reckoning = fields.Nested(ReckoningView, required=True)

    @pre_dump
    def write_out(self, report: Report, **_: Any) -> dict[str, Any]:
        """Order by organization and write exact values as decimals."""
        return {
            "partnership_id": report.partnership_id,
            "as_of": report.as_of,
            "terms": report.terms,
            "organizations": [report.first, report.second],
            "index": index_of(report.index),
            "findings": laid_out(report.findings, [report.first.organization_id, report.second.organization_id]),
            "exchanges": [
                {
                    "measure": measure,
                    "first": exchange.first,
                    "second": exchange.second,
                    "share_first_percent": _percent(exchange),
                    "balance": written(exchange.balance, 4),
                    "net": written(exchange.net, 4),
                    "ratio": written(exchange.ratio, 4),
                }
                for measure, exchange in report.exchanges.items()
            ],
            "months": report.months,
            "reckoning": report.reckoning,
        }
