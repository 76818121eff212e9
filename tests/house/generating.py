"""Generated requests: how schemathesis is run over the API, and how much of it in the gate."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from partnercrm.settings import ROOT

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
EXAMPLES = ("--max-examples", os.environ.get("PARTNERCRM_SCHEMATHESIS_EXAMPLES", "4" if PROVE else "3"))
# What may be over once others were tried, or is seldom right by chance.
FIRST = (
    "start_import",
    "cancel_import",
    "resume_import",
    "end_session",
    "pick_lead",
    "unseal_round",
    "qualify_lead",
    "convert_lead",
    "win_lead",
    "lose_lead",
    "read_person_figures",
)
# At full size also whatever lies just beyond every boundary, and sequences of requests: two requests in three.
RUNS = (
    (EXAMPLES,)
    if PROVE
    else (
        (
            *(f"--include-operation-id={one}" for one in FIRST),
            "--mode=positive",
            "--phases=fuzzing",
            "--max-examples=15",
        ),
        ("--mode=positive", "--phases=coverage"),
        (*EXAMPLES, "--phases=fuzzing"),
    )
)
RUN = "from schemathesis.cli import schemathesis; schemathesis()"


def faults(folder: Path, pool: dict[str, Any], *options: str) -> str:
    """Run schemathesis over the whole API with these options; return what it says if it finds a fault."""
    added = {
        "PARTNERCRM_GENERATED_POOL": json.dumps(pool),
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.house.generated",
    }
    command = [sys.executable, "-c", RUN, "--config-file", str(ROOT / "schemathesis.toml"), "--no-color"]
    command += ["run", f"{pool['address']}/api/v1/openapi.json", "--header", f"Authorization: Bearer {pool['token']}"]
    done = subprocess.run(
        [*command, *options],
        cwd=folder,
        env=os.environ | added,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""
