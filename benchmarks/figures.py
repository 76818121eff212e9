"""Measuring both sides in turns on one stage, and what is made of it: ratios, medians, ranges."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from typing import Any

from benchmarks import dealing, importing, reporting
from benchmarks.cases import CASES, DEAL_CASES, DEALS, OFFERS, REPORT_CASES, Case
from benchmarks.load import Slice, measure, once
from benchmarks.stage import Stage, stage
from partnercrm.kernel.postgres_programs import binaries

OWN = frozenset({"id", "created_at", "offered_at", "respond_by", "expires_at"})
Sides = tuple[str, str]
SIDES: Sides = ("floor", "partnercrm")
LARGE = "large"
IMPORT = "import"
TIMES = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One case at one number of connections: pairs of slices (floor, partnercrm), one pair a run."""

    case: Case
    connections: int
    pairs: Sequence[tuple[Slice, Slice]]

    @property
    def title(self) -> str:
        """What was measured."""
        return title(self.case, self.connections)

    @property
    def ratios(self) -> list[float]:
        """The ratio of rates of each run, lowest first."""
        return sorted(ours.rate / floor.rate for floor, ours in self.pairs)

    @property
    def reached(self) -> bool:
        """Tell whether the middle run came up to what is wanted."""
        return median(self.ratios) >= self.case.goal

    def text(self) -> str:
        """Return the ratio of rates with its range, and both sides' own figures."""
        ratios = self.ratios
        floor, ours = (_middle([pair[side] for pair in self.pairs]) for side in (0, 1))
        spread = f"{median(ratios):.2f} of {self.case.against} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        return f"{spread}; {ours} against {floor}; wanted {self.case.goal:.2f}"


def title(case: Case, connections: int) -> str:
    """Name a case at a number of connections."""
    if len(case.connections) == 1:
        return case.title
    return f"{case.title}, {connections} connection{'s' if connections > 1 else ''}"


def _middle(slices: Sequence[Slice]) -> str:
    rate = median(one.rate for one in slices)
    told = f"{rate:.{0 if rate >= 20 else 1}f}/s"
    middles, p95s = ([getattr(one, name) for one in slices] for name in ("middle_ms", "p95_ms"))
    return f"{told} (median {median(middles):.1f} ms, p95 {median(p95s):.1f} ms)" if all(middles) else told


def measured(cases: Sequence[Case] = CASES, runs: int = 3, share: float = 1.0) -> Iterator[Figure]:
    """Measure each case, the sides in turns (floor, partnercrm, floor, partnercrm …), and give its figures.

    Before, both must give the same answers, else RuntimeError; without runs that is all.
    """
    reports = [case for case in cases if case in REPORT_CASES]
    with stage() as here:
        if any(case in CASES for case in cases):
            here.offered_leads(round(OFFERS * share))
        if any(case in DEAL_CASES for case in cases):
            dealing.deals(here, round(DEALS * share))
        beside_floor = [case for case in cases if case.name not in {LARGE, IMPORT} and case not in reports]
        for case in beside_floor:
            _require_same_answers(here, case)
        for case in beside_floor if runs else ():
            yield from _compared(here, case, SIDES, runs, share)
        for case in cases:
            if case.name == LARGE and runs:
                with here.enlarged(TIMES) as large:
                    yield from _compared(large, case, ("partnercrm", "large"), runs, share)
            elif case.name == IMPORT:
                taken = [importing.pair(here, max(100, round(case.many * share))) for _ in range(max(runs, 1))]
                yield from [Figure(case, 1, taken)][: min(runs, 1)]
        if reports:
            yield from (Figure(case, 1, pairs) for case, pairs in reporting.taken(here, reports, runs, share))


def _compared(here: Stage, case: Case, sides: Sides, runs: int, share: float) -> Iterator[Figure]:
    for connections in case.connections:
        many = max(2 * connections, round(case.many * share)) // 2 * 2
        _pair(here, case, sides, connections, 2 * connections)
        yield Figure(case, connections, [_pair(here, case, sides, connections, many) for _ in range(runs)])


def _pair(here: Stage, case: Case, sides: Sides, connections: int, many: int) -> tuple[Slice, Slice]:
    work = {side: case.make(here, many) for side in sides}
    here.settle()
    one, other = (measure(here.ports[side], work[side], connections) for side in sides)
    return one, other


def _require_same_answers(here: Stage, case: Case) -> None:
    """RuntimeError unless both sides answer alike: a read to the letter, a write but for what is new each time."""
    requests = [case.make(here, 2)[0] for _ in SIDES]
    floor, ours = (json.loads(once(here.ports[side], request)) for side, request in zip(SIDES, requests, strict=True))
    if requests[0].method == "GET":
        alike = floor["items"] == ours["items"]
    else:
        alike = _without_own(floor) == _without_own(ours)
    if not alike:
        raise RuntimeError(f"{case.name}: the floor answers {str(floor)[:1500]}, partnercrm {str(ours)[:1500]}")


def _without_own(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _without_own(value) for name, value in answer.items() if name not in OWN}
    if isinstance(answer, list):
        return [_without_own(value) for value in answer]
    return re.sub(r"[0-9]+", "#", answer) if isinstance(answer, str) else answer


def machine() -> str:
    """Name what figures are taken on: processors and versions, nothing of the place."""
    postgres = subprocess.run(
        [binaries(None) / "bin/postgres", "--version"], capture_output=True, text=True, check=True
    )
    libraries = (f"{name} {version(name)}" for name in ("Flask", "SQLAlchemy", "psycopg"))
    found = (f"Python {platform.python_version()}", f"PostgreSQL {postgres.stdout.split()[2]}", *libraries)
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {', '.join(found)}"
