"""What a visitor asks of the record on the report's page, and how the answer is laid out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from flask_babel import format_date
from flask_babel import gettext as _

from partnercrm.kernel import clock, money
from partnercrm.leads.queries.reckoning import Asked, Reckoning
from partnercrm.leads.reciprocity import written
from partnercrm.leads.reckoning import By, Cell, Reckoned, Row
from partnercrm.leads.schemas import OfferQuery, ReckonQuery
from partnercrm.leads.spans import MONTH, Span
from partnercrm.partnerships.models import Terms
from partnercrm.web import charts, frame
from partnercrm.web.shapes import Choice, Day, Shape, Written

_DRAWN: Final = 14
_BEHIND: Final = {By.PRODUCT: "product_line_id", By.REGION: "country", By.INDUSTRY: "industry"}


def _month() -> Written:
    return Written(MONTH, "Write a month as 2026-03.", most=7, least=7, example="2026-03")


class AskRecord(Shape):
    """As of which day, which months, and what is divided into which rows."""

    as_of = Day()
    from_month = _month()
    to_month = _month()
    measure = Choice(Reckoned)
    by = Choice(By)
    currency = ReckonQuery().fields["currency"]


class AskBehind(OfferQuery):
    """Which leads a figure counts: by which measure, in which months, as of which day; all offered without measure."""

    measure = Choice(Reckoned)
    from_month = _month()
    to_month = _month()
    as_of = Day()


def between(first: str | None, last: str | None) -> Span:
    """Return the span of two months, in either order."""
    return Span(last, first) if first and last and last < first else Span(first, last)


def end_of(day: date | None) -> datetime | None:
    """Return the moment at which a day that is over ended (UTC); None for today and without a day."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) if day and day < clock.now().date() else None


def asked(given: Mapping[str, Any], terms: Terms) -> Asked:
    """Return what is asked; months are read in either order, and rows are product lines where any are agreed."""
    window = between(given.get("from_month"), given.get("to_month"))
    by = given.get("by") or (By.PRODUCT if terms.product_lines else By.INDUSTRY)
    return Asked(window, given.get("measure"), by, given["currency"])


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen."""
    return {"measures": frame.choices(Reckoned), "rows": frame.choices(By)}


def laid_out(reckoning: Reckoning, as_of: date) -> dict[str, Any]:
    """Return a reckoning with the words of its rows, what leads behind each, its share in percent, and its drawing."""
    rows = [(_named(reckoning.by, row), row) for row in reckoning.rows]
    share = reckoning.share_first
    return {
        "reckoned": reckoning,
        "measure": frame.words(reckoning.measure),
        "by": frame.words(reckoning.by),
        "behind": {row.key: _behind(reckoning, row.key, as_of) for row in reckoning.rows if row.key},
        "rows": rows,
        "in_money": reckoning.total[0].value is not None,
        "percent": None if share is None else written(share * 100, 0),
        "ratios": [written(one.ratio * 100, 0) if one.ratio is not None else None for one in reckoning.realised or ()],
        "drawing": _drawn(reckoning.by, rows) if share is not None else None,
    }


def _behind(reckoning: Reckoning, key: str, as_of: date) -> dict[str, str]:
    """Return how to ask for the leads that a row counts."""
    window = Span(key, key) if reckoning.by is By.MONTH else reckoning.window
    named = {"measure": reckoning.measure.value, "from_month": window.first, "to_month": window.last}
    if end_of(as_of):
        named["as_of"] = as_of.isoformat()
    if reckoning.by in _BEHIND:
        named[_BEHIND[reckoning.by]] = key
    return {name: value for name, value in named.items() if value}


def months(span: Span) -> str | None:
    """Return in words which months were asked for; None for all."""
    first, last = (month_named(month) if month else None for month in span)
    if first and last:
        return str(_("What happened from %(first)s to %(last)s.", first=first, last=last))
    if first:
        return str(_("What happened from %(first)s on.", first=first))
    return str(_("What happened until %(last)s.", last=last)) if last else None


def month_named(month: str) -> str:
    """Return a month in words."""
    return str(format_date(date.fromisoformat(f"{month}-01"), "MMMM y"))


def _named(by: By, row: Row) -> str:
    if row.key is None:
        return str(_("Not given"))
    if by is By.MONTH:
        return str(format_date(date.fromisoformat(f"{row.key}-01"), "MMM y"))
    return frame.country(row.key) if by is By.REGION else row.name or row.key


def _drawn(by: By, rows: Sequence[tuple[str, Row]]) -> charts.Drawing:
    """Draw the latest months, or the largest groups."""
    amounts = [charts.MonthRow(words, _length(row.first), _length(row.second)) for words, row in rows]
    ranked = amounts[::-1] if by is By.MONTH else sorted(amounts, key=lambda row: -(row.first + row.second))
    return charts.exchange_by_group(ranked[:_DRAWN])


def _length(cell: Cell) -> int:
    """Return leads, or whole units of the currency."""
    return cell.leads if cell.value is None else cell.value.minor // 10 ** money.exponent(cell.value.currency)
