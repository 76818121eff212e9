"""The life of a deal registration: which step follows which, and who may take it."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from partnercrm.deals.errors import RegistrationDecided, RegistrationMoved, ReviewOver


class RegistrationStatus(StrEnum):
    """Where a registration stands; also the names of the steps that lead there."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACTION_REQUIRED = "action_required"
    APPROVED = "approved"
    EXTENDED = "extended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Party(StrEnum):
    """In what part somebody takes a step; the record acts where time has passed or evidence decides."""

    REGISTRANT = "registrant"
    REVIEWER = "reviewer"
    RECORD = "record"


class Involvement(StrEnum):
    """How far the partner takes part in the deal."""

    CO_SELL = "co_sell"
    VISIBILITY_ONLY = "visibility_only"


class RejectReason(StrEnum):
    """Why a registration is not approved."""

    NOT_ELIGIBLE = "not_eligible"
    DIRECT_DEAL = "direct_deal"
    NO_JOINT_VALUE = "no_joint_value"
    TOO_LITTLE_INFORMATION = "too_little_information"
    OTHER = "other"
    EARLIER_EVIDENCE = "earlier_evidence"
    APPEAL = "appeal"


class AskedField(StrEnum):
    """What a reviewer may ask to be filled in or mended; nothing else changes meanwhile."""

    VALUE = "value"
    CLOSE_ON = "close_on"
    ASKS = "asks"
    INVOLVEMENT = "involvement"


class Step(NamedTuple):
    """A legal step: from where, to where, by whom."""

    before: RegistrationStatus
    after: RegistrationStatus
    by: Party


_S = RegistrationStatus
WAITING: Final = (_S.SUBMITTED, _S.IN_REVIEW)
PROTECTED: Final = (_S.APPROVED, _S.EXTENDED)
OPEN: Final = (*WAITING, _S.ACTION_REQUIRED, *PROTECTED)
# The record's own: what the evidence names takes and gives up the place; a reviewer says none of these.
BY_EVIDENCE: Final = frozenset({RejectReason.EARLIER_EVIDENCE, RejectReason.APPEAL})
BY_REVIEWER: Final = tuple(reason for reason in RejectReason if reason not in BY_EVIDENCE)
APPEAL_DAYS: Final = 10
STEPS: Final = (
    Step(_S.SUBMITTED, _S.IN_REVIEW, Party.REVIEWER),
    Step(_S.ACTION_REQUIRED, _S.IN_REVIEW, Party.REGISTRANT),
    *(Step(before, _S.ACTION_REQUIRED, Party.REVIEWER) for before in WAITING),
    *(Step(before, _S.APPROVED, Party.REVIEWER) for before in WAITING),
    *(Step(before, _S.REJECTED, Party.REVIEWER) for before in WAITING),
    *(Step(before, _S.EXTENDED, Party.REGISTRANT) for before in PROTECTED),
    *(Step(before, _S.WITHDRAWN, Party.REGISTRANT) for before in OPEN),
    *(Step(before, _S.EXPIRED, Party.RECORD) for before in OPEN),
    *(Step(before, _S.APPROVED, Party.RECORD) for before in WAITING),
    *(Step(before, _S.REJECTED, Party.RECORD) for before in OPEN),
    Step(_S.REJECTED, _S.SUBMITTED, Party.RECORD),
)
_LEGAL: Final = frozenset(STEPS)


def require_step(status: RegistrationStatus, after: RegistrationStatus, by: Party) -> None:
    """Refuse a step that is not legal from `status`. Raises RegistrationDecided or RegistrationMoved."""
    if Step(status, after, by) in _LEGAL:
        return
    if status not in OPEN:
        raise RegistrationDecided(status=status.value)
    raise RegistrationMoved(status=status.value, possible=[step.value for step in next_steps(status, by)])


def require_time(status: RegistrationStatus, ends_at: datetime, now: datetime) -> None:
    """Refuse a step for which the time has passed, whether or not the clock's job came by. Raises ReviewOver."""
    if status in OPEN and now >= ends_at:
        raise ReviewOver


def next_steps(status: RegistrationStatus, by: Party) -> list[RegistrationStatus]:
    """Return the steps that this party may take next, in the order of the table."""
    return [step.after for step in STEPS if step.before is status and step.by is by]


def waits_for(status: RegistrationStatus) -> Party | None:
    """Return for whose next step a registration waits; nobody's while it is protected or once it is over."""
    if status in WAITING:
        return Party.REVIEWER
    return Party.REGISTRANT if status is RegistrationStatus.ACTION_REQUIRED else None
