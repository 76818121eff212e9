"""Whose registration holds: two claims to one company and product line, decided by what was logged. Pure.

A claim rests on its earliest qualifying step, whoever typed first. A step counts from when it happened, but from no
more than `BACKDATING` before the database recorded it, so that nobody wins by typing an old day. The order of claims is
total over two sides and looks at nothing but the steps, so that whoever holds after all have arrived is the same in
whatever order they came.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

BACKDATING: Final = timedelta(days=90)


class EvidenceKind(StrEnum):
    """What moved a deal on, strongest first: of two steps at one moment the stronger one counts."""

    PROPOSAL_SENT = "proposal_sent"
    NEED_CONFIRMED = "need_confirmed"
    MEETING_HELD = "meeting_held"
    REGISTERED = "registered"


LOGGED: Final = tuple(kind for kind in EvidenceKind if kind is not EvidenceKind.REGISTERED)
_STRENGTH: Final = {kind: place for place, kind in enumerate(EvidenceKind)}


class Evidence(NamedTuple):
    """One qualifying step: what happened when, and when the database's clock recorded it."""

    kind: EvidenceKind
    happened_at: datetime
    recorded_at: datetime

    @property
    def counts_from(self) -> datetime:
        """From which moment the step counts."""
        return max(self.happened_at, self.recorded_at - BACKDATING)


class Claim(NamedTuple):
    """What one side's registration rests on; at least one step."""

    organization_id: UUID
    evidence: tuple[Evidence, ...]


def deciding(evidence: Iterable[Evidence]) -> Evidence:
    """Return the step that a claim rests on: the earliest, of several at one moment the strongest."""
    return min(evidence, key=lambda one: (one.counts_from, _STRENGTH[one.kind]))


def outweighs(claim: Claim, holder: Claim) -> bool:
    """Tell whether a claim takes the place of the one that holds.

    Where both rest on the same kind of step at the same moment, the smaller id holds: any rule that both know will do,
    but it must not ask who came first.
    """
    return weight(claim) < weight(holder)


def weight(claim: Claim) -> tuple[datetime, int, UUID]:
    """Return by what claims are ordered, the strongest first."""
    one = deciding(claim.evidence)
    return one.counts_from, _STRENGTH[one.kind], claim.organization_id


class Explanation(NamedTuple):
    """What both sides read of a conflict: the step each claim rests on. Neither who did it nor with whom is told."""

    held_by: UUID
    holds: Evidence
    outweighed: Evidence


def explained(one: Claim, other: Claim) -> Explanation:
    """Return which of two claims holds, and why."""
    winner, loser = (one, other) if outweighs(one, other) else (other, one)
    return Explanation(winner.organization_id, deciding(winner.evidence), deciding(loser.evidence))
