"""Each guard, taken out of a copy of the project, turns its test red: at full size all of them, in the gate one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from partnercrm.settings import ROOT
from tests.house.mutants import MUTANTS, Mutant

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
TRIED = MUTANTS if PROVE else MUTANTS[-3:-2]
COPIED = ("partnercrm", "migrations", "config", "tests", "benchmarks", "docs", "pyproject.toml", "run.py", "README.md")
TURNED_RED = 1
"""What pytest answers when tests ran and some failed."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project, to be changed."""
    made = tmp_path / "copy"
    made.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, made / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(ROOT / name, made / name)
    return made


def outcome(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run one test of a copy, small, on a server of its own."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("PARTNERCRM_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", test]
    environment = {**keep, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("mutant", TRIED, ids=[re.sub(r"\W+", "-", mutant.guard) for mutant in TRIED])
def test_without_the_guard_its_test_turns_red(
    mutant: Mutant, copy: Path, record_property: Callable[[str, object], None]
) -> None:
    place = copy / mutant.path
    place.write_text(place.read_text().replace(mutant.old, mutant.new))

    done = outcome(copy, mutant.test)

    assert done.returncode == TURNED_RED, f"{done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
    record_property("guards taken out", 1)


def test_every_guard_stands_once_and_its_test_is_there() -> None:
    for mutant in MUTANTS:
        assert (ROOT / mutant.path).read_text().count(mutant.old) == 1, mutant.guard
        file, _, name = mutant.test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(), mutant.guard
