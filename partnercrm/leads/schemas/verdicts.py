"""Shapes of what can be said of an exchange: intervals, verdicts and chances, quantised so that both read the same."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any
from uuid import UUID

from marshmallow import fields

from partnercrm.leads.clusters import Clusters, leads
from partnercrm.leads.intervals import Interval
from partnercrm.leads.queries.verdicts import Findings
from partnercrm.leads.reciprocity import Exchange, written
from partnercrm.leads.verdict import NEEDED, Judgement, Verdict
from partnercrm.leads.windows import Window
from partnercrm.web.shapes import Choice, Id, Shape, Text, Whole

_MOST_EVIDENCE = 10**6


class IntervalView(Shape):
    """Between which shares of the first organization the true one lies, chance allowed for; decimal strings."""

    low_percent = Text(most=12, example="41.2", required=True)
    high_percent = Text(most=12, example="70.3", required=True)


class WindowView(Shape):
    """One of the agreed windows: whole months (UTC), one after another since the terms took force."""

    first_month = Text(most=7, example="2026-01", required=True)
    last_month = Text(most=7, example="2026-12", required=True, allow_none=True)
    first = Whole(least=0, most=10**9, example=60, required=True)
    second = Whole(least=0, most=10**9, example=40, required=True)
    share_first_percent = Text(most=12, example="60.0", required=True, allow_none=True)
    interval = fields.Nested(IntervalView, required=True, allow_none=True)


class EndedWindowView(WindowView):
    """The last window that is over, and its verdict; `ahead` is who gave more than agreed, beyond chance."""

    verdict = Choice(Verdict, required=True)
    ahead = Id(required=True, allow_none=True)


class EvidenceView(Shape):
    """What bets against either side's being within the band made of 1, counted after every completed month."""

    first = Text(most=12, example="3.20", required=True)
    second = Text(most=12, example="0.15", required=True)
    needed = Text(most=12, example="80.00", required=True, metadata={"description": "From here on it is spoken."})


class PresentWindowView(WindowView):
    """The window that runs: figures without a verdict, unless its completed months already prove one."""

    verdict = Choice(Verdict, required=True, allow_none=True)
    ahead = Id(required=True, allow_none=True)
    evidence = fields.Nested(EvidenceView, required=True)


class ChanceView(Shape):
    """In how many of a hundred windows of this many leads a true share would be found."""

    organization_id = Id(required=True)
    share_percent = Whole(least=1, most=100, example=70, required=True)
    found_percent = Text(most=12, example="36.0", required=True)


class AgedShareView(Shape):
    """The first organization's share of all leads when older ones count less: half after each half-life."""

    half_life_months = Whole(least=1, most=60, example=6, required=True)
    share_first_percent = Text(most=12, example="57.3", required=True, allow_none=True)


class FindingsView(Shape):
    """What can be said of the exchange, and what cannot yet."""

    interval = fields.Nested(IntervalView, required=True, allow_none=True, metadata={"description": "Of the index."})
    effective_leads = Text(
        most=20,
        example="38.0",
        required=True,
        metadata={"description": "As many leads, one by one, would tell as much as those that count came to tell."},
    )
    aged = fields.List(fields.Nested(AgedShareView), required=True)
    ended = fields.Nested(EndedWindowView, required=True, allow_none=True)
    present = fields.Nested(PresentWindowView, required=True)
    chances = fields.List(fields.Nested(ChanceView), required=True)


def laid_out(found: Findings, sides: Sequence[UUID]) -> dict[str, Any]:
    """Lay out findings for their shape; `sides` are the organizations in their order."""
    present, now = found.present, found.present.running
    return {
        "interval": interval_of(found.interval),
        "effective_leads": f"{found.effective:.1f}",
        "aged": [
            {"half_life_months": months, "share_first_percent": None if share is None else f"{100 * share:.1f}"}
            for months, share in found.aged.items()
        ],
        "ended": found.ended
        and {
            **_window(found.ended.window, found.ended.clusters, found.ended.judgement.interval),
            **_spoken(found.ended.judgement, sides),
        },
        "present": {
            **_window(present.window, present.clusters, present.interval),
            **_spoken(now.spoken, sides),
            "evidence": {
                name: _capped(won) for name, won in zip(_EVIDENCE, (now.first, now.second, NEEDED), strict=True)
            },
        },
        "chances": [
            {"organization_id": sides[place], "share_percent": share, "found_percent": f"{100 * chance:.1f}"}
            for place, share, chance in found.chances
        ],
    }


def _window(window: Window, clusters: Clusters, interval: Interval | None) -> dict[str, Any]:
    given = leads(clusters)
    share = Exchange(*given).share_first
    return {
        "first_month": window.first,
        "last_month": window.last,
        "first": given.first,
        "second": given.second,
        "share_first_percent": None if share is None else written(share * 100, 1),
        "interval": interval_of(interval),
    }


def interval_of(interval: Interval | None) -> dict[str, str] | None:
    """Write an interval with one decimal, rounded outwards: it holds no less than it says."""
    if interval is None:
        return None
    low, high = floor(1000 * interval.low + _NOISE) / 10, ceil(1000 * interval.high - _NOISE) / 10
    return {"low_percent": f"{low:.1f}", "high_percent": f"{high:.1f}"}


def _spoken(judgement: Judgement | None, sides: Sequence[UUID]) -> dict[str, Any]:
    if judgement is None:
        return {"verdict": None, "ahead": None}
    return {"verdict": judgement.verdict, "ahead": None if judgement.ahead is None else sides[judgement.ahead]}


def _capped(won: float) -> str:
    return f"{min(won, _MOST_EVIDENCE):.2f}"


_EVIDENCE = ("first", "second", "needed")
_NOISE = 1e-9
