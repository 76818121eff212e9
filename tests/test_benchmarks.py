"""The benchmarks run, and the floor gives the same answers; what they measure is no test's business."""

import subprocess
import sys

from partnercrm.settings import ROOT


def test_every_case_is_answered_alike_by_the_floor() -> None:
    command = [sys.executable, "-m", "benchmarks", "--share", "0.001", "--runs", "0"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr[-3000:]
