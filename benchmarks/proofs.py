"""docs/proofs.md: one row for each part that was proved, kept until it is proved again, and what the rows show."""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.must_show import Line
from partnercrm.settings import ROOT

PAGE: Final = ROOT / "docs" / "proofs.md"
HEAD: Final = """# Proofs

What `python3 run.py prove` found at full size; `python3 run.py test` runs the same checks small. A part is proved alone
by its name, `python3 run.py prove kill`; its row stays until it is proved again. A benchmark compares with a floor (a
bare Flask and psycopg application that writes and reads the same rows) in the same run; the spread is that of its
runs. How to read the benchmarks stands in [performance.md](performance.md).

## What was found

| what | command | figure | took | commit | date | machine |
|---|---|---|---|---|---|---|
"""
SHOWN: Final = """
## What had to be shown

The promises of each step, the tests that show them in every gate, and the parts above that show them in full.

| | promise | in the gate | in full | stands |
|---|---|---|---|---|
"""
NOT_PROVEN: Final = "**not proven**"
_FIGURE, _COMMIT, _DATE = 2, 4, 5


@dataclass(frozen=True, slots=True)
class Proof:
    """One row of the page."""

    what: str
    command: str
    figure: str
    holds: bool
    seconds: float


def row(proof: Proof, machine: str) -> str:
    """Write a row: what was found, when, from which commit, on what machine."""
    figure = proof.figure if proof.holds else f"{NOT_PROVEN}: {proof.figure}"
    today = datetime.now(UTC).date().isoformat()
    cells = (proof.what, f"`{proof.command}`", figure, _duration(proof.seconds), commit(), today, machine)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def rows(page: Path) -> dict[str, str]:
    """Return the rows a page has, by what they prove; none of a page of another form."""
    lines = page.read_text().splitlines() if page.exists() else []
    width = len(HEAD.splitlines()[-1].split("|"))
    found = [line for line in lines if line.startswith("| ") and len(line.split("|")) == width]
    return {_cells(line)[0]: line for line in found[1:]}


def write(page: Path, known: Mapping[str, str], order: Sequence[str], lines: Iterable[Line]) -> None:
    """Write the page: rows in their order, those that nobody proves any more left out, and what they show."""
    kept = {what: known[what] for what in order if what in known}
    shown = "".join(f"{_shown(line, kept)}\n" for line in lines)
    page.write_text(HEAD + "".join(f"{line}\n" for line in kept.values()) + SHOWN + shown)


def commit() -> str:
    """Return the commit that is proved, with a word where files differ from it; this page does not count."""
    named = _git("rev-parse", "--short=10", "HEAD")
    if not named:
        return "no repository"
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE.relative_to(ROOT)}")
    return f"{named}, changed" if changed else named


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def _shown(line: Line, kept: Mapping[str, str]) -> str:
    tests = ", ".join(f"`{test}`" for test in line.tests)
    parts = ", ".join(f"`{part}`" for part in line.parts)
    stands = "; ".join(_stands(part, kept) for part in line.parts)
    return f"| {line.number} | {line.promise} | {tests} | {parts} | {stands} |"


def _stands(part: str, kept: Mapping[str, str]) -> str:
    """Say in few words what the rows of a part say."""
    found = [_cells(line) for line in kept.values() if f"`python3 run.py prove {part}`" in line]
    if not found:
        return f"{part} not run yet"
    failed = any(NOT_PROVEN in cells[_FIGURE] for cells in found)
    return f"{part} {NOT_PROVEN if failed else 'holds'} ({found[0][_DATE]}, {found[0][_COMMIT]})"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _duration(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes} min {left:02} s" if minutes else f"{left} s"
