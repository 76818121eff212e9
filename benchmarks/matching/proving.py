"""Matching proved: quality at one fixed setting, calibration and speed, beside every peer that is installed."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.matching import labelled
from benchmarks.matching.generated import generated
from benchmarks.matching.lists import Labelled
from benchmarks.matching.ours import partnercrm
from benchmarks.matching.peers import PEERS, RUNS, Scored, absent
from benchmarks.matching.quality import best_single_threshold, calibration_error, quality
from benchmarks.proofs import Proof
from partnercrm.accounts.calibration import MILLION
from partnercrm.accounts.matching import MATCH
from partnercrm.settings import ROOT

COMMAND: Final = "python3 run.py prove matching"
LIKELY: Final = 0.5
SMALL: Final = 10_000
LARGE: Final = 100_000
TITLES: Final = (
    "matching: F1 at one fixed setting beside splink, recordlinkage and string_grouper",
    "matching: precision where two companies are taken for one, and calibration",
    "matching: speed and memory beside splink",
)
_THRESHOLDS: Final = (0.001, 0.003, *(number / 100 for number in range(1, 100)), 0.995, 0.999, 0.9995, 0.9999)


@dataclass(frozen=True, slots=True)
class Found:
    """What one way to match found in each set."""

    who: str
    sets: Sequence[Labelled]
    scored: Sequence[Scored]
    threshold: float

    def f1s(self) -> list[float]:
        """Return F1 of each set at the one threshold."""
        return [
            quality(found, lists.truth, self.threshold).f1 for found, lists in zip(self.scored, self.sets, strict=True)
        ]


def proofs(small: int = SMALL, large: int = LARGE) -> Iterator[Proof]:
    """Measure everything; what is missing, files or peers, is said and is no proof."""
    began = time.monotonic()
    sets = measured_sets(small, large)
    gone = [*labelled.missing(), *absent()]
    ours = Found("partnercrm", sets, [partnercrm(lists) for lists in sets], LIKELY)
    peers = [_peer(peer, sets) for peer in PEERS if peer not in gone]
    yield _beside(ours, peers, gone, time.monotonic() - began)
    yield _promises(ours, gone, time.monotonic() - began)
    began = time.monotonic()
    yield _speed(large, gone, time.monotonic, began)


def measured_sets(small: int, large: int) -> list[Labelled]:
    """Return the labelled sets there are, the perturbed and the generated ones."""
    sets = list(labelled.labelled())
    if labelled.COMPANIES not in labelled.missing():
        sets.append(labelled.perturbed(small, 3))
    sets += [generated(f"generated, {size:,} a side", size, 4) for size in (small, large)]
    return sets


def _peer(peer: str, sets: Sequence[Labelled]) -> Found:
    """Let a peer match all sets, at the one threshold that suits it best."""
    scored = [RUNS[peer](lists) for lists in sets]
    best = best_single_threshold([(found, lists.truth) for found, lists in zip(scored, sets, strict=True)], _THRESHOLDS)
    return Found(peer, sets, scored, best)


def _beside(ours: Found, peers: Sequence[Found], gone: Sequence[str], seconds: float) -> Proof:
    told = [_told(found) for found in (ours, *peers)]
    holds = not gone
    for peer in peers:
        if peer.who == "splink":
            pairs = list(zip(ours.f1s(), peer.f1s(), strict=True))
            mean = sum(one - other for one, other in pairs) / len(pairs)
            holds &= mean >= 0.02 and all(one >= other - 0.01 for one, other in pairs)
    return Proof(TITLES[0], COMMAND, "; ".join([*_absent(gone), *told]), holds, seconds)


def _promises(ours: Found, gone: Sequence[str], seconds: float) -> Proof:
    matched = [
        quality(found, lists.truth, MATCH / MILLION) for found, lists in zip(ours.scored, ours.sets, strict=True)
    ]
    errors = [calibration_error(found, lists.truth) for found, lists in zip(ours.scored, ours.sets, strict=True)]
    told = [
        f"{lists.name}: precision {one.precision:.4f}, recall {one.recall:.3f}, calibration error {error:.3f}"
        for lists, one, error in zip(ours.sets, matched, errors, strict=True)
    ]
    holds = not gone and min(one.precision for one in matched) >= 0.99 and max(errors) <= 0.03
    return Proof(TITLES[1], COMMAND, "; ".join([*_absent(gone), *told]), holds, seconds)


def _speed(size: int, gone: Sequence[str], clock: Callable[[], float], began: float) -> Proof:
    """Take both in turns, each in a process of its own, and compare the middle of three."""
    if "splink" in gone:
        told = "; ".join([*_absent(gone), str(_timed("partnercrm", size))])
        return Proof(TITLES[2], COMMAND, told, holds=False, seconds=clock() - began)
    runs = [(_timed("partnercrm", size), _timed("splink", size)) for _ in range(3)]
    ours, theirs = (sorted((run[side] for run in runs), key=lambda one: one["seconds"])[1] for side in (0, 1))
    ratio = theirs["seconds"] / ours["seconds"]
    told = (
        f"{size:,} a side: {ours['seconds']:.1f} s and {ours['megabytes']} MB against splink's "
        f"{theirs['seconds']:.1f} s and {theirs['megabytes']} MB, {ratio:.1f} times as fast"
    )
    holds = ratio >= 3 and ours["megabytes"] <= theirs["megabytes"]
    return Proof(TITLES[2], COMMAND, told, holds, clock() - began)


def _timed(who: str, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.matching", who, str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _told(found: Found) -> str:
    f1s = found.f1s()
    each = ", ".join(f"{lists.name} {one:.3f}" for lists, one in zip(found.sets, f1s, strict=True))
    return f"{found.who} at {found.threshold:.2f}: mean {sum(f1s) / len(f1s):.3f} ({each})"


def _absent(gone: Sequence[str]) -> list[str]:
    return [f"NOT THERE: {', '.join(gone)}"] if gone else []
