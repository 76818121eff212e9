"""The life of a case: its kinds, who may take which step, and what a decision can say."""

from enum import StrEnum
from typing import Final, NamedTuple

from partnercrm.cases.errors import CaseSettled, StepNotYours


class CaseKind(StrEnum):
    """What the two sides settle."""

    LEAD_DISQUALIFIED = "lead_disqualified"
    LEAD_PURSUED = "lead_pursued"
    CAUSE_ANALYSIS = "cause_analysis"
    CLAIM = "claim"
    APPEAL = "appeal"
    DISPUTE = "dispute"


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    IN_DISCUSSION = "in_discussion"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What becomes of what the case is about; it says what happens now, never who was to blame."""

    CORRECTED = "corrected"
    STANDS = "stands"
    ARRANGED = "arranged"


class DecidedBy(StrEnum):
    """Who decided."""

    BOTH = "both"
    MODERATOR = "moderator"


class Party(StrEnum):
    """In what part somebody takes a step."""

    OPENER = "opener"
    OTHER = "other"
    MODERATOR = "moderator"


class Step(NamedTuple):
    """A legal step: from where, to where, by whom."""

    before: CaseStatus
    after: CaseStatus
    by: Party


LIVE: Final = (CaseStatus.OPEN, CaseStatus.IN_DISCUSSION)
OVER: Final = (CaseStatus.CLOSED, CaseStatus.WITHDRAWN)
STEPS: Final = (
    Step(CaseStatus.OPEN, CaseStatus.IN_DISCUSSION, Party.OTHER),
    Step(CaseStatus.OPEN, CaseStatus.IN_DISCUSSION, Party.MODERATOR),
    *(Step(before, CaseStatus.DECIDED, party) for before in LIVE for party in Party),
    *(Step(before, CaseStatus.WITHDRAWN, Party.OPENER) for before in LIVE),
    Step(CaseStatus.DECIDED, CaseStatus.CLOSED, Party.OPENER),
    Step(CaseStatus.DECIDED, CaseStatus.CLOSED, Party.OTHER),
)
# What is settled by its own verb on the thing it is about is not opened by hand.
OPENED_BY_HAND: Final = frozenset(CaseKind) - {CaseKind.LEAD_DISQUALIFIED, CaseKind.LEAD_PURSUED}


def is_live(status: CaseStatus) -> bool:
    """Tell whether the case still takes statements, evidence and a decision."""
    return status in LIVE


def require_live(status: CaseStatus) -> None:
    """Refuse to add to a case that is decided or over. Raises CaseSettled."""
    if not is_live(status):
        raise CaseSettled(status=status.value)


def require_step(status: CaseStatus, after: CaseStatus, by: Party) -> None:
    """Refuse a step that is not legal from `status`. Raises CaseSettled or StepNotYours."""
    if (status, after, by) in STEPS:
        return
    if any((step.before, step.after) == (status, after) for step in STEPS):
        raise StepNotYours
    raise CaseSettled(status=status.value)


def after_words_of(status: CaseStatus, by: Party) -> CaseStatus:
    """Return where the case stands once this party has said something."""
    return CaseStatus.IN_DISCUSSION if (status, CaseStatus.IN_DISCUSSION, by) in STEPS else status
