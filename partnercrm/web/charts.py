"""Charts drawn on the server: rows in, SVG text out, in the colours of the page's stylesheet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import vl_convert
from markupsafe import Markup

WIDE: Final = 900
NARROW: Final = 296
FIRST: Final = "var(--first, #14737f)"
SECOND: Final = "var(--second, #b0581b)"
INK: Final = "var(--ink, #17262a)"
MUTED: Final = "var(--muted, #526168)"
BAND: Final = "var(--line-strong, #7b8682)"
PAPER: Final = "var(--surface, #fffefc)"

_CONFIG: Final[dict[str, Any]] = {
    "aria": False,
    "background": None,
    "font": "sans-serif",
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelPadding": 6,
        "title": None,
        "grid": False,
    },
    "text": {"color": INK, "fontSize": 12},
}


_LABEL: Final = 8


class Drawing(NamedTuple):
    """The same rows twice: for a screen or paper, and for a phone."""

    wide: Markup
    narrow: Markup


class MonthRow(NamedTuple):
    """One month: its name, and how much each side gave in it."""

    label: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Share:
    """What the first side gave of all accepted leads, from 0 to 1; `low` and `high` bound the agreed band.

    `likely` is where chance may have moved the share from, or none.
    """

    value: float
    agreed: float
    low: float
    high: float
    likely: tuple[float, float] | None = None


def _svg(spec: dict[str, Any], shape: str) -> Markup:
    """Render a Vega-Lite spec; the result carries no style attribute and no script."""
    svg = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, allowed_base_urls=[])
    opening = f'<svg class="{shape}" aria-hidden="true" focusable="false" '
    return Markup(svg.replace("<svg ", opening, 1).replace(' class="marks"', "", 1))  # noqa: S704


def exchange_by_month(rows: Sequence[MonthRow]) -> Drawing:
    """Draw what each side gave per month, mirrored at a middle line: an even exchange looks symmetric.

    The wide drawing runs from left to right with the first side above, the narrow one downwards with the
    first side left. A line break in a label starts a second line in the wide drawing.
    """
    upright = _mirrored(rows, along="x", across="y", first=1)
    upright |= {"width": WIDE - 8, "height": 220}
    lying = _mirrored(rows, along="y", across="x", first=-1)
    lying |= {"width": NARROW - 72, "height": {"step": 22}}
    return Drawing(_svg(upright, "wide"), _svg(lying, "narrow"))


def exchange_by_group(rows: Sequence[MonthRow]) -> Drawing:
    """Draw what each side gave of several groups, one below the other, the first side left; labels may be long."""
    wide = _mirrored(rows, along="y", across="x", first=-1) | {"width": WIDE - 208, "height": {"step": 28}}
    narrow = _mirrored(rows, along="y", across="x", first=-1, longest=999)
    return Drawing(_svg(wide, "wide"), _svg(narrow | {"width": NARROW - 108, "height": {"step": 22}}, "narrow"))


def _mirrored(
    rows: Sequence[MonthRow], *, along: str, across: str, first: int, longest: int = 99_999
) -> dict[str, Any]:
    """Return the bars of both sides; `first` is the direction (1 or -1) in which the first side grows.

    Numbers beyond `longest` are shortened: 1,234,567 is 1.23M.
    """
    values = [
        {"place": place, "count": count, "signed": sign * count, "side": side}
        for place, row in enumerate(rows)
        for side, sign, count in ((0, first, row.first), (1, -first, row.second))
    ]
    axis = {"labelAngle": 0, "labelExpr": _names(rows, in_lines=along == "x"), "labelOverlap": False}
    if along == "y":
        # The browser's letters are wider than those the drawing is measured with.
        axis["minExtent"] = min(_LABEL * max((len(row.label) for row in rows), default=0), 180)
    places = {"field": "place", "type": "ordinal", "axis": axis, "scale": {"paddingInner": 0.35}}
    signed = {"field": "signed", "type": "quantitative", "axis": None, "stack": None, "scale": _room(values)}
    scale = {"domain": [0, 1], "range": [FIRST, SECOND]}
    colour = {"field": "side", "type": "nominal", "legend": None, "scale": scale}
    bar = {"type": "bar", "cornerRadiusEnd": 2}
    bars = {"mark": bar, "encoding": {along: places, across: signed, "color": colour}}
    zero = {across: {"datum": 0, "type": "quantitative"}}
    middle = {"mark": {"type": "rule", "color": MUTED}, "encoding": zero}
    counts = [
        {
            "transform": [{"filter": f"datum.signed * {way} > 0"}],
            "mark": {"type": "text", "baseline": "middle", "align": align, f"d{across}": nudge},
            "encoding": {along: places, across: signed, "text": _number(longest)},
        }
        for way, nudge, align in (
            ((1, 5, "left"), (-1, -5, "right")) if across == "x" else ((1, -9, "center"), (-1, 9, "center"))
        )
    ]
    return {"data": {"values": values}, "layer": [bars, middle, *counts]}


def _number(longest: int) -> dict[str, Any]:
    whole = {"field": "count", "type": "quantitative", "format": ",d"}
    return whole | {"condition": whole | {"test": f"datum.count > {longest}", "format": ".3s"}}


def _names(rows: Sequence[MonthRow], *, in_lines: bool) -> str:
    """Return the axis expression that names each place; the labels travel as JSON strings, never as code."""
    name = f"{json.dumps([row.label for row in rows])}[datum.value]"
    return f"split({name}, '\\n')" if in_lines else f"replace({name}, '\\n', ' ')"


def _room(values: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return one scale for both sides with room for the numbers at the ends of the bars."""
    signed = [0, *(value["signed"] for value in values)]
    # Five letters beside a bar take more than two.
    margin = max(1, max(signed) - min(signed)) * (0.2 if max(map(abs, signed)) > 999 else 0.1)
    return {"domain": [min(signed) - margin, max(signed) + margin], "nice": False}


def share_given(share: Share, label: str) -> Drawing:
    """Draw the one index: how accepted leads divide between their givers; `label` names the agreed band."""
    wide, narrow = (
        _svg({**_divided(share, label), "width": width, "height": 78}, shape)
        for width, shape in ((WIDE - 8, "wide"), (NARROW - 8, "narrow"))
    )
    return Drawing(wide, narrow)


def _divided(share: Share, label: str) -> dict[str, Any]:
    def layer(start: float, end: float | None = None, **mark: Any) -> dict[str, Any]:
        x = {"datum": start, "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
        return {"mark": mark, "encoding": {"x": x, **({} if end is None else {"x2": {"datum": end}})}}

    middle = min(max(share.agreed, 0.35), 0.65)
    halo: dict[str, Any] = {"color": PAPER, "size": 5}
    line: dict[str, Any] = {"color": INK, "size": 2}
    whiskers = [
        drawn
        for look, reach in ((halo, 8), (line, 6))
        for low, high in ([share.likely] if share.likely else [])
        for drawn in (
            layer(low, high, type="rule", y=21, **look),
            *(layer(end, type="rule", y=21 - reach, y2=21 + reach, **look) for end in (low, high)),
        )
    ]
    layers = [
        layer(0, share.value, type="rect", color=FIRST, y=4, y2=38),
        layer(share.value, 1, type="rect", color=SECOND, y=4, y2=38),
        layer(share.value, type="rule", color=PAPER, size=3, y=4, y2=38),
        *whiskers,
        layer(share.low, share.high, type="rect", color=BAND, y=43, y2=49),
        layer(share.agreed, type="rule", color=PAPER, size=4, y=0, y2=49),
        layer(share.agreed, type="rule", color=INK, size=1.5, y=0, y2=54),
        layer(middle, type="text", y=66, text=label, align="center", color=MUTED),
    ]
    return {"data": {"values": [{}]}, "layer": layers}
