"""The way in: `run.py` from nothing, a second time, after an interruption, and where something is missing."""

import ast
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import types
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def write_wheel(folder: Path, name: str, body: str) -> str:
    """Make a wheel that holds one package and return the line of a lock file that asks for it."""
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    information = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": body,
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{information}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{information}/RECORD"))
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


class Checkout:
    """A copy of run.py beside lock files of its own, whose one package stands in for partnercrm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        self.folder.mkdir()
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        shutil.copy(ROOT / "run.py", self.folder)
        self.lock = self.folder / "requirements.lock"
        self.lock.write_text(write_wheel(self.wheels, "partnercrm", "import sys; print('partnercrm', *sys.argv[1:])"))
        self.mark = self.folder / ".venv/partnercrm.installed"

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_RETRIES": "0"}
        return subprocess.Popen(
            [sys.executable, str(self.folder / "run.py"), *arguments],
            cwd="/",
            env={**os.environ, **offline, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture(scope="module")
def bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment somebody made by hand, with pip alone in it."""
    folder = tmp_path_factory.mktemp("by-hand") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def furnished(checkout: Checkout, bare_environment: Path) -> Checkout:
    shutil.copytree(bare_environment, checkout.folder / ".venv", symlinks=True)
    return checkout


@pytest.fixture
def run(checkout: Checkout) -> types.ModuleType:
    """Import the copy of run.py, whose folder then is its checkout."""
    spec = importlib.util.spec_from_file_location("run", checkout.folder / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_from_nothing_it_makes_the_environment_and_the_second_start_is_immediate(checkout: Checkout):
    first = checkout.run("demo", "--reset")
    assert first.stdout.splitlines() == [
        "Making the environment in .venv …",
        "Installing requirements.lock, half a minute or so …",
        "partnercrm demo --reset",
    ]
    began = time.monotonic()
    assert checkout.run("demo").stdout == "partnercrm demo\n"
    assert time.monotonic() - began < 3

    checkout.lock.write_text(checkout.lock.read_text() + write_wheel(checkout.wheels, "another", ""))
    assert checkout.run("serve").stdout.splitlines() == [
        "Installing requirements.lock, half a minute or so …",
        "partnercrm serve",
    ]

    (checkout.folder / "requirements-dev.lock").write_text(
        checkout.lock.read_text() + write_wheel(checkout.wheels, "third", "")
    )
    (checkout.folder / "tests").mkdir()
    (checkout.folder / "tests/gate.py").write_text("import sys; print('gate', *sys.argv[1:]); sys.exit(3)")
    tested = checkout.run("test", "--", "-k", "foo")
    assert tested.stdout.splitlines() == ["Installing requirements-dev.lock, half a minute or so …", "gate -k foo"]
    assert tested.returncode == 3
    assert checkout.run("worker").stdout == "partnercrm worker\n", "the larger environment serves as the smaller one"


def test_killed_at_any_moment_it_repairs_the_environment_the_next_time(checkout: Checkout):
    for seconds in (0.3, 1.5):
        with checkout.start("demo") as process:
            time.sleep(seconds)
            process.kill()
    (checkout.folder / ".venv/bin/python").unlink(missing_ok=True)
    assert checkout.run("demo").stdout.splitlines()[-1] == "partnercrm demo"
    checkout.mark.write_text("unfinished")
    broken = next(checkout.folder.glob(".venv/lib/*/site-packages/partnercrm/__main__.py"))
    broken.unlink()
    assert checkout.run("demo").stdout.splitlines()[-1] == "partnercrm demo"


def test_two_first_starts_at_once_wait_for_each_other(checkout: Checkout):
    starts = [checkout.start("demo") for _ in range(2)]
    said = [start.communicate(timeout=120)[0] for start in starts]
    assert [text.splitlines()[-1] for text in said] == ["partnercrm demo"] * 2
    assert "".join(said).count("Making the environment") == 1


def test_a_package_that_does_not_match_its_hash_is_not_installed(furnished: Checkout):
    lock = furnished.lock.read_text()
    furnished.lock.write_text(lock[:-5] + "0000\n")
    refused = furnished.run("demo")
    assert refused.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused.stderr
    assert "pip install" in refused.stderr.splitlines()[-1]


def test_an_environment_made_by_hand_is_used(furnished: Checkout):
    assert "Making the environment" not in furnished.run("demo").stdout
    assert furnished.run("demo").stdout == "partnercrm demo\n"


def test_without_a_network_it_says_so(furnished: Checkout):
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    silent = furnished.run("demo", PIP_NO_INDEX="0", **nowhere)
    assert silent.returncode == 1
    assert silent.stderr.startswith("The package index cannot be reached.")


def test_an_old_python_can_read_the_file_and_is_told_which_is_needed(checkout: Checkout):
    source = (checkout.folder / "run.py").read_text()
    ast.parse(source, feature_version=(3, 7))
    pretend = f"import sys; sys.version_info = (3, 6, 15); sys.version = '3.6.15 (default)'; exec({source!r})"
    told = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("partnercrm needs Python 3.11 or newer; this is 3.6.15.")


def test_without_a_command_it_says_what_there_is(checkout: Checkout):
    for words in ([], ["--help"]):
        told = checkout.run(*words)
        assert told.returncode == 0
        assert "python3 run.py demo" in told.stdout
    assert not (checkout.folder / ".venv").exists()


def test_a_python_without_venv_is_told_what_to_install(run: types.ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        run.ensure_environment(("requirements.lock",))


def test_too_little_room_is_said_beforehand_and_a_full_disk_afterwards(
    run: types.ModuleType, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=5_000_000))
    with pytest.raises(SystemExit, match="has 5 MB left; the environment needs"):
        run.ensure_environment(("requirements.lock",))
    with pytest.raises(SystemExit, match="The disk is full"):
        run.output(sys.executable, "-c", "import errno, os; raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))")


def test_a_checkout_that_may_not_be_written_is_refused(run: types.ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(SystemExit, match="is not writable"):
        run.ensure_environment(("requirements.lock",))
