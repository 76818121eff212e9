"""README's journey, typed as it stands there against a real server, on its own sample and on a real export."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import db, processes
from partnercrm.settings import ROOT
from tests.live import serving
from tests.servers import TestServer

SHARED = "PARTNERCRM_SHARED_DATA"
COMMANDS = "\n".join(re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL))
SAMPLE = "python3 run.py sample > leads.csv"
# The journey's words in the real export's language.
REAL = {"Harbor 900": "GTK 500", "KitePro": "GTXPro", "Kite Pro": "GTX Pro"}


@pytest.fixture
def server_address(application: Flask, template: str, test_server: TestServer) -> Iterator[tuple[str, dict[str, str]]]:
    with application.app_context():
        # A template that somebody is connected to cannot be copied.
        db.db.engine.dispose()
    database = test_server.copy(template)
    port = processes.free_port(18_000 + os.getpid() % 10_000)
    environment = {
        **os.environ,
        "DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
        "PARTNERCRM_OWNER_DATABASE_URL": test_server.url("owner", database),
        "PARTNERCRM_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    with serving(environment, port):
        yield f"http://127.0.0.1:{port}", environment
    test_server.drop(database)


def travelled(folder: Path, address: str, environment: dict[str, str], commands: str) -> None:
    """Type the commands into a shell that stops at the first failure."""
    typed = commands.replace("http://127.0.0.1:8000", address).replace(
        "python3 run.py", f"{sys.executable} -m partnercrm"
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", typed],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def counted(folder: Path, product: str) -> dict[str, Any]:
    script = [sys.executable, str(ROOT / "tests" / "figures.py"), "leads.csv", product]
    return json.loads(subprocess.run(script, cwd=folder, capture_output=True, check=True).stdout)


def assert_told_the_same(folder: Path, product: str) -> None:
    expected = counted(folder, product)
    imported = json.loads((folder / "imported.json").read_text())
    report = json.loads((folder / "alice.json").read_text())
    alder, birch = sorted(report["organizations"], key=lambda side: side["name"])
    assert {name: imported[name] for name in ("rows", "entered", "skipped")} == {
        name: expected[name] for name in ("rows", "entered", "skipped")
    }
    assert {step: count for step, count in alder["given"].items() if count} == expected["given"]
    assert alder["won_values"] == [{"amount": expected["won_value"], "currency": "EUR"}]
    assert not any(birch["given"].values())
    assert birch["responses"]["answered"] == expected["given"]["offered"]
    sheet = json.loads((folder / "sheet.json").read_text())
    assert (sheet["as_of"], sheet["findings"]["present"]["verdict"]) == (report["as_of"], None)
    assert sheet["next_to_give"]["organization_id"] == birch["organization_id"]
    assert sheet["begins_with_offering"] is True
    [gave] = [one for one in sheet["funnels"] if one["organization_id"] == alder["organization_id"]]
    passed = [one["passed"] for one in gave["stages"]]
    assert passed == [expected["given"].get(step, 0) for step in ("accepted", "qualified", "won")]


def test_the_readme_leads_from_two_tokens_to_the_same_report_on_its_sample(
    tmp_path: Path, server_address: tuple[str, dict[str, str]]
) -> None:
    travelled(tmp_path, *server_address, COMMANDS)

    assert_told_the_same(tmp_path, "Harbor 900")


def test_the_readme_leads_to_the_same_report_on_a_real_export(
    tmp_path: Path, server_address: tuple[str, dict[str, str]]
) -> None:
    export = Path(os.environ.get(SHARED, "")) / "maven_crm" / "sales_pipeline.csv"
    if SHARED not in os.environ or not export.is_file():
        pytest.skip(f"NOT TRIED ON A REAL EXPORT: {SHARED} names no folder that holds maven_crm/sales_pipeline.csv")
    shutil.copy(export, tmp_path / "leads.csv")
    commands = COMMANDS.replace(SAMPLE, "")
    for ours, theirs in REAL.items():
        commands = commands.replace(ours, theirs)

    travelled(tmp_path, *server_address, commands)

    assert_told_the_same(tmp_path, "GTK 500")
    assert counted(tmp_path, "GTK 500")["rows"] == 8800


def test_every_file_the_readme_points_to_is_there() -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / "README.md").read_text())

    assert [name for name in linked if not (ROOT / name).is_file()] == []
