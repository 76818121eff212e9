"""`python3 run.py prove [name …]`: the checks at full size and the benchmarks, written to docs/proofs.md.

A run writes only the rows it proved; the others stay, so that the difference of two runs is what changed. A test adds
to its row by `record_property("requests", 1200)`: whole numbers are summed over the tests of the row.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.cases import CASES
from benchmarks.figures import CONNECTIONS, machine, measured, title
from partnercrm.settings import ROOT

PAGE = ROOT / "docs" / "proofs.md"
HEAD = """# Proofs

What `python3 run.py prove` found at full size; `python3 run.py test` runs the same checks small. A benchmark compares
with a floor (a bare Flask and psycopg application that writes and reads the same rows) in the same run; the spread is
that of its runs. How to read the benchmarks stands in [performance.md](performance.md).

| what | command | figure | date | versions |
|---|---|---|---|---|
"""
FULL = "PARTNERCRM_PROVE=1"
SEEDS = "PARTNERCRM_SCHEMATHESIS_SEEDS=1,2,3"
KILL = "tests/faults/test_kill.py"
SCHEMATHESIS = "tests/house/test_schemathesis.py"


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the tests that has a full size: its short name, what it shows, and what pytest is given."""

    name: str
    what: str
    path: str
    options: tuple[str, ...] = ()
    setting: str = FULL

    @property
    def command(self) -> str:
        """The command as one types it."""
        return " ".join((self.setting, "pytest", self.path, *self.options))


@dataclass(frozen=True, slots=True)
class Proof:
    """One row of the page."""

    what: str
    command: str
    figure: str
    holds: bool = True


CHECKS = (
    Check("kill", "kill -9 of the server amid an import and offering that retries", KILL),
    Check("faults", "the embedded server and its supervisor under faults", "tests/faults", (f"--ignore={KILL}",)),
    Check("matrix", "every operation by everybody in every state: no leak", "tests/matrix"),
    Check("schemathesis", "Schemathesis, all checks, three seeds", SCHEMATHESIS, setting=SEEDS),
    Check(
        "house",
        "the rules of the house, each seen failing on a planted fault",
        "tests/house",
        (f"--ignore={SCHEMATHESIS}",),
    ),
)
BENCHMARKS = "benchmarks"


def main() -> int:
    """Prove what was asked for, write the page after every row; 0 when all of it holds."""
    names = [*dict.fromkeys(check.name for check in CHECKS), BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python3 run.py prove", description="Prove at full size.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"all when left out: {', '.join(names)}")
    chosen = parser.parse_args().names or names
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(names)}")
    failed = []
    for proof in proofs(chosen):
        print(f"{proof.what}: {proof.figure}", flush=True)
        write(proof)
        if not proof.holds:
            failed.append(proof.what)
    print("\n".join(["", "NOT PROVEN:", *failed]) if failed else f"\nAll of it holds: {PAGE.relative_to(ROOT)}")
    return 1 if failed else 0


def proofs(chosen: Sequence[str]) -> Iterator[Proof]:
    """Run the chosen checks, then the benchmarks."""
    for check in CHECKS:
        if check.name in chosen:
            yield tested(check)
    if BENCHMARKS in chosen:
        for figure in measured():
            yield Proof(figure.title, f"python -m benchmarks {figure.case.name}", figure.text())


def tested(check: Check) -> Proof:
    """Run pytest on a check's part of the tests with everything at full size."""
    if not (ROOT / check.path).exists():
        return Proof(check.what, check.command, f"nothing to run: there is no {check.path}", holds=False)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", check.path, *check.options, f"--junitxml={report}"]
        settings = dict(setting.split("=", 1) for setting in (FULL, check.setting))
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=False)
        figure = counted(ET.parse(report).getroot()) if report.exists() else "pytest did not run"
    return Proof(check.what, check.command, figure, holds=done.returncode == 0)


def counted(report: ET.Element) -> str:
    """Sum a JUnit report up: `46 passed, 2 failed; cells 1,204, requests 9,632`."""
    outcomes, figures = Counter[str](), Counter[str]()
    for case in report.iter("testcase"):
        found = {element.tag for element in case}
        failed = found & {"failure", "error"}
        outcomes["failed" if failed else "skipped" if "skipped" in found else "passed"] += 1
        for told in case.iter("property"):
            if told.attrib["value"].isdecimal():
                figures[told.attrib["name"]] += int(told.attrib["value"])
    results = ", ".join(f"{outcomes[name]} {name}" for name in ("passed", "failed", "skipped") if outcomes[name])
    sums = ", ".join(f"{name} {figure:,}" for name, figure in sorted(figures.items()))
    return "; ".join(part for part in (results or "no tests", sums) if part)


def write(proof: Proof) -> None:
    """Put one row in its place on the page; rows nobody proves any more disappear."""
    order = [*(check.what for check in CHECKS), *(title(case, many) for case in CASES for many in CONNECTIONS)]
    figure = proof.figure if proof.holds else f"**not proven**: {proof.figure}"
    cells = (proof.what, f"`{proof.command}`", figure, datetime.now(UTC).date().isoformat(), machine())
    rows = written() | {proof.what: f"| {' | '.join(cells)} |"}
    PAGE.write_text(HEAD + "".join(f"{rows[what]}\n" for what in order if what in rows))


def written() -> dict[str, str]:
    """Return the rows the page has, by what they prove."""
    lines = PAGE.read_text().splitlines() if PAGE.exists() else []
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| ")}


if __name__ == "__main__":
    sys.exit(main())
