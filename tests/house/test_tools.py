"""The gate's tools, each seen failing on a planted fault under the project's own settings."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from partnercrm.settings import ROOT
from tests.gate import CHECKS

IMPORTS = {
    "a lower slice imports a higher one": ("partnerships/queries.py", "import partnercrm.leads.models"),
    "the kernel learns of the business": ("kernel/clock.py", "import partnercrm.identity.scopes"),
    "a query calls an action": ("leads/queries/own.py", "import partnercrm.leads.actions.keeping"),
    "a door opens another door": ("leads/api.py", "import partnercrm.partnerships.api"),
    "an action imports a job": ("leads/actions/keeping.py", "import partnercrm.web.jobs"),
    "a slice takes the authenticator": ("leads/queries/own.py", "import partnercrm.identity.authenticator"),
    "a new part has no place": ("surprises.py", "import partnercrm.kernel.clock"),
}
TYPES = "def doubled(value: int) -> int:\n    return str(value) * 2\n"
LINT = "def f(x):\n    print(x)\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's code and settings, to plant faults in."""
    shutil.copytree(ROOT / "partnercrm", tmp_path / "partnercrm", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(name: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *CHECKS[name], *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fault", IMPORTS)
def test_a_forbidden_import_breaks_a_contract(fault: str, copy: Path) -> None:
    path, line = IMPORTS[fault]
    with (copy / "partnercrm" / path).open("a") as file:
        file.write(f"\n{line}\n")

    done = run("imports", copy)

    assert done.returncode == 1
    assert "BROKEN" in done.stdout or "surprises" in done.stdout + done.stderr


def test_the_contracts_are_kept_by_the_copy_itself(copy: Path) -> None:
    assert run("imports", copy).returncode == 0


def test_a_wrong_type_is_found(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.py"
    faulty.write_text(TYPES)

    done = run("types", ROOT, str(faulty), "--cache-dir", str(tmp_path / "cache"))

    assert done.returncode == 1
    assert "Incompatible return value type" in done.stdout


def test_careless_code_is_found(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "faulty.py").write_text(LINT)

    done = run("lint", tmp_path, "--output-format", "concise")

    assert {"D103", "ANN001", "T201"} <= {word for line in done.stdout.splitlines() for word in line.split()}
