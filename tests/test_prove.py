"""`prove` says what failed, proves the rest all the same, keeps what it found, and names nothing of its machine."""

import getpass
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import prove
from benchmarks.cases import Case
from benchmarks.checks import CHECKS, Check
from benchmarks.must_show import LINES
from benchmarks.proofs import PAGE
from partnercrm.settings import ROOT

PLANTED = """
def test_one(record_property):
    record_property("cells", 1200)


def test_other(record_property):
    record_property("cells", 34)
    assert {holds}
"""


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Check, ...]:
    """A part that fails, one that is not there, and one that holds; warnings are errors, as in the project."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-W error")
    for name in ("fails", "holds"):
        (tmp_path / f"test_{name}.py").write_text(PLANTED.format(holds=name == "holds"))
    paths = {name: (str(tmp_path / f"test_{name}.py"),) for name in ("fails", "is_missing", "holds")}
    return tuple(Check(name, f"it {name}", found) for name, found in paths.items())


def test_what_fails_is_said_and_the_rest_is_proved_all_the_same(
    tmp_path: Path, checks: tuple[Check, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "proofs.md"

    assert prove.main(["fails", "is_missing", "holds"], page, checks) == 1

    rows = {line.split(" | ")[0]: line for line in page.read_text().splitlines() if line.startswith("| it ")}
    assert "**not proven**: 1 passed, 1 failed; cells 1,234" in rows["| it fails"]
    assert "**not proven**: there is no" in rows["| it is_missing"]
    assert "`python3 run.py prove holds` | 2 passed; cells 1,234 |" in rows["| it holds"]
    assert capsys.readouterr().out.endswith("NOT PROVEN:\nit fails\nit is_missing\n")


def test_one_part_is_proved_alone_and_the_other_rows_stay(tmp_path: Path, checks: tuple[Check, ...]) -> None:
    page = tmp_path / "proofs.md"
    prove.main(["fails"], page, checks)

    assert prove.main(["holds"], page, checks) == 0

    assert re.findall(r"^\| it \w+", page.read_text(), re.MULTILINE) == ["| it fails", "| it holds"]
    prove.main(["holds"], page, checks[1:])
    assert re.findall(r"^\| it \w+", page.read_text(), re.MULTILINE) == ["| it holds"]


def test_benchmarks_that_break_off_or_miss_their_goal_do_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(cases: Sequence[Case]) -> object:
        raise RuntimeError("the floor answers otherwise")

    monkeypatch.setattr(prove, "measured", broken)

    assert prove.main(["benchmarks"], tmp_path / "proofs.md", ()) == 1
    assert "**not proven**: broke off: RuntimeError" in (tmp_path / "proofs.md").read_text()


def test_an_unknown_part_is_refused_with_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        prove.main(["everything"], tmp_path / "proofs.md")

    assert "there is no everything; there are clocks, " in capsys.readouterr().err


def test_every_part_and_every_test_that_shows_a_promise_is_there() -> None:
    parts = {check.name for check in CHECKS} | set(prove.MEASURED) | {prove.MATCHING}
    named = [test for line in LINES for test in line.tests] + [path for check in CHECKS for path in check.paths]

    assert [test for test in named if not is_there(test)] == []
    assert {part for line in LINES for part in line.parts} <= parts
    proved = [path for check in CHECKS for path in check.paths]
    for line in LINES:
        assert line.parts, line
        for test in line.tests:
            file = test.partition("::")[0]
            covered = any(file == path or file.startswith(f"{path}/") for path in proved)
            assert covered or file in {"tests/demo/test_demo.py", "tests/test_benchmarks.py"}, test


def is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    found = ROOT / file
    return found.exists() and (not name or f"def {name}(" in found.read_text())


def test_the_page_names_nothing_of_the_machine_it_was_written_on() -> None:
    said = PAGE.read_text()

    assert [found for found in (str(ROOT), str(Path.home()), "/tmp/", "/home/") if found in said] == []
    assert getpass.getuser() == "root" or getpass.getuser() not in said
