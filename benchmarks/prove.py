"""`python3 run.py prove [name …]`: the checks at full size and the benchmarks, written to docs/proofs.md.

A run writes only the rows it proved; the others stay, so that the difference of two runs is what changed. Whatever
fails is said, the other parts are proved all the same, and the command ends with 1. A test adds to its row by
`record_property("requests", 1200)`: whole numbers are summed over the tests of the row.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.cases import CASES, DEAL_CASES, REPORT_CASES, Case
from benchmarks.checks import CHECKS, Check
from benchmarks.figures import machine, measured, title
from benchmarks.matching import proving
from benchmarks.must_show import LINES
from benchmarks.proofs import PAGE, Proof, row, rows, write
from partnercrm.settings import ROOT

MATCHING = "matching"
MEASURED = {"benchmarks": CASES, "deals": DEAL_CASES, "reports": REPORT_CASES}
HOW = "python3 run.py prove {}"


def main(arguments: Sequence[str] | None = None, page: Path = PAGE, checks: Sequence[Check] = CHECKS) -> int:
    """Prove what was asked for, write the page after every row; 0 when all of it holds."""
    # A shell that runs us in the background has Ctrl-C ignored, and what we start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    names = list(dict.fromkeys((*(check.name for check in checks), *MEASURED, MATCHING)))
    parser = argparse.ArgumentParser(prog="python3 run.py prove", description="Prove at full size.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"all when left out: {', '.join(names)}")
    chosen = parser.parse_args(arguments).names or names
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(names)}")
    measurements = {
        title(case, many): name for name, cases in MEASURED.items() for case in cases for many in case.connections
    }
    order = [*(check.what for check in checks), *MEASURED, *measurements, MATCHING, *proving.TITLES]
    failed = []
    for proof in proofs(chosen, checks):
        print(f"{proof.what}: {'' if proof.holds else 'NOT PROVEN: '}{proof.figure}", flush=True)
        known = rows(page) | {proof.what: row(proof, machine())}
        if proof.what in measurements:
            known.pop(measurements[proof.what], None)
        write(page, known, order, LINES)
        if not proof.holds:
            failed.append(proof.what)
    print("\n".join(["", "NOT PROVEN:", *failed]) if failed else "\nAll of it holds.")
    return 1 if failed else 0


def proofs(chosen: Sequence[str], checks: Sequence[Check]) -> Iterator[Proof]:
    """Run the chosen checks, then the benchmarks; what breaks off is a proof that does not hold."""
    for check in checks:
        if check.name in chosen:
            yield tested(check)
    for name, cases in MEASURED.items():
        if name in chosen:
            yield from benchmarked(name, cases)
    if MATCHING in chosen:
        yield from matched()


def tested(check: Check) -> Proof:
    """Run pytest on a check's part of the tests with everything at full size."""
    begun = time.monotonic()
    missing = [path for path in check.paths if not (ROOT / path).exists()]
    if missing:
        return Proof(check.what, check.command, f"there is no {', '.join(missing)}", holds=False, seconds=0)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # The newer form of the report knows no properties.
        written = ["-o", "junit_family=xunit1", f"--junitxml={report}"]
        command = [sys.executable, "-m", "pytest", "-q", *check.paths, *check.options, *written]
        settings = dict(setting.split("=", 1) for setting in check.settings)
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=False)
        figure = counted(ET.parse(report).getroot()) if report.exists() else "pytest did not run"
    return Proof(check.what, check.command, figure, done.returncode == 0, time.monotonic() - begun)


def benchmarked(name: str, cases: Sequence[Case]) -> Iterator[Proof]:
    """Measure every case of a part; one that misses its goal does not hold."""
    begun = time.monotonic()
    try:
        for figure in measured(cases):
            yield Proof(figure.title, HOW.format(name), figure.text(), figure.reached, time.monotonic() - begun)
            begun = time.monotonic()
    except Exception as error:  # noqa: BLE001 - said, and the other parts' rows stay
        traceback.print_exc()
        yield Proof(
            name, HOW.format(name), f"broke off: {type(error).__name__}", holds=False, seconds=time.monotonic() - begun
        )


def matched() -> Iterator[Proof]:
    """Measure matching beside its peers."""
    begun = time.monotonic()
    try:
        yield from proving.proofs()
    except Exception as error:  # noqa: BLE001 - said, and the other parts' rows stay
        traceback.print_exc()
        told = f"broke off: {type(error).__name__}"
        yield Proof(MATCHING, HOW.format(MATCHING), told, holds=False, seconds=time.monotonic() - begun)


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


if __name__ == "__main__":
    sys.exit(main())
