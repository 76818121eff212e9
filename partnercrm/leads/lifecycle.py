"""The life of an offered lead: which step follows which, who may take it, and what it needs."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from partnercrm.leads.errors import HappenedOutOfOrder, OfferAlreadyAnswered, OfferExpired, StepNotPossible


class OfferStatus(StrEnum):
    """Where an offered lead stands; also the names of the steps that lead there."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    CONVERTED = "converted"
    WON = "won"
    LOST = "lost"
    RETURNED = "returned"


class Side(StrEnum):
    """Who takes a step."""

    GIVER = "giver"
    RECEIVER = "receiver"


class DeclineReason(StrEnum):
    """Why an offered lead is not taken."""

    NO_FIT = "no_fit"
    NO_CAPACITY = "no_capacity"
    ALREADY_KNOWN = "already_known"
    TOO_LITTLE_INFORMATION = "too_little_information"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    OTHER = "other"


class DisqualifyReason(StrEnum):
    """Why an accepted lead turned out to be none."""

    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    WRONG_CONTACT = "wrong_contact"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    OTHER = "other"


class ReturnReason(StrEnum):
    """Why an accepted lead goes back to its giver."""

    NO_CAPACITY = "no_capacity"
    OUTSIDE_OUR_FIELD = "outside_our_field"
    CUSTOMER_PREFERS_GIVER = "customer_prefers_giver"
    NO_STATUS = "no_status"
    OTHER = "other"


class ContestStep(StrEnum):
    """What became of the giver's doubt that a disqualified lead was none, or one not taken was left alone.

    Corrections are entries of their own.
    """

    CONTESTED = "contested"
    CORRECTED = "corrected"
    UPHELD = "upheld"
    CLAIMED = "claimed"
    RESTORED = "restored"
    LEFT_AS_IS = "left_as_is"


class LossReason(StrEnum):
    """Why a converted lead was lost."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_DECISION = "no_decision"
    TIMING = "timing"
    PRODUCT_FIT = "product_fit"
    OTHER = "other"


class Step(NamedTuple):
    """A legal step: from where, to where, by whom."""

    before: OfferStatus
    after: OfferStatus
    by: Side


STEPS: Final = (
    Step(OfferStatus.OFFERED, OfferStatus.ACCEPTED, Side.RECEIVER),
    Step(OfferStatus.OFFERED, OfferStatus.DECLINED, Side.RECEIVER),
    Step(OfferStatus.OFFERED, OfferStatus.WITHDRAWN, Side.GIVER),
    Step(OfferStatus.OFFERED, OfferStatus.EXPIRED, Side.GIVER),
    Step(OfferStatus.ACCEPTED, OfferStatus.QUALIFIED, Side.RECEIVER),
    Step(OfferStatus.ACCEPTED, OfferStatus.DISQUALIFIED, Side.RECEIVER),
    Step(OfferStatus.ACCEPTED, OfferStatus.RETURNED, Side.RECEIVER),
    Step(OfferStatus.QUALIFIED, OfferStatus.CONVERTED, Side.RECEIVER),
    Step(OfferStatus.CONVERTED, OfferStatus.WON, Side.RECEIVER),
    Step(OfferStatus.CONVERTED, OfferStatus.LOST, Side.RECEIVER),
)
ANSWERS: Final = frozenset({OfferStatus.ACCEPTED, OfferStatus.DECLINED, OfferStatus.WITHDRAWN, OfferStatus.EXPIRED})
CONTEST_DAYS: Final = 10
CLAIM_DAYS: Final = 365
NOT_TAKEN: Final = frozenset({OfferStatus.DECLINED, OfferStatus.EXPIRED, OfferStatus.RETURNED})
MAY_BE_OFFERED_AGAIN: Final = frozenset(
    {
        OfferStatus.DECLINED,
        OfferStatus.WITHDRAWN,
        OfferStatus.EXPIRED,
        OfferStatus.DISQUALIFIED,
        OfferStatus.RETURNED,
    }
)
WORKED_ON: Final = frozenset({OfferStatus.ACCEPTED, OfferStatus.QUALIFIED, OfferStatus.CONVERTED})
CLOSED: Final = frozenset({OfferStatus.WON, OfferStatus.LOST})
OPENED: Final = WORKED_ON | CLOSED | {OfferStatus.DISQUALIFIED, OfferStatus.RETURNED}
COUNTS_AGAIN_AFTER: Final = timedelta(days=90)
"""After which the same company's need is a lead anew; the database counts credit by the same."""
IN_PROGRESS: Final = frozenset(
    {OfferStatus.OFFERED, OfferStatus.ACCEPTED, OfferStatus.QUALIFIED, OfferStatus.CONVERTED}
)


def require_step(status: OfferStatus, after: OfferStatus, by: Side) -> None:
    """Refuse a step that is not legal from `status`. Raises OfferAlreadyAnswered or StepNotPossible."""
    if any(step == (status, after, by) for step in STEPS):
        return
    if after in ANSWERS and status is not OfferStatus.OFFERED:
        raise OfferAlreadyAnswered(status=status.value)
    raise StepNotPossible(status=status.value, possible=[step.value for step in next_steps(status, by)])


def require_held(status: OfferStatus, by: Side) -> None:
    """Refuse what only the receiver of an accepted lead may do. Raises StepNotPossible."""
    if status is not OfferStatus.ACCEPTED or by is not Side.RECEIVER:
        raise StepNotPossible(status=status.value, possible=[step.value for step in next_steps(status, by)])


def require_time(status: OfferStatus, expires_at: datetime, now: datetime) -> None:
    """Refuse to answer an offer whose time has passed, whether or not the clock's job came by. Raises OfferExpired."""
    if status is OfferStatus.OFFERED and now >= expires_at:
        raise OfferExpired


def next_steps(status: OfferStatus, by: Side) -> list[OfferStatus]:
    """Return the steps that a person of this side may take next; expiry is the clock's alone."""
    return [
        step.after
        for step in STEPS
        if step.before is status and step.by is by and step.after is not OfferStatus.EXPIRED
    ]


def waits_for(status: OfferStatus) -> Side | None:
    """Return for whose next step a lead waits: its receiver's while it is under way, then nobody's once it was worked.

    What came back before that is its giver's again, to offer elsewhere.
    """
    if status in IN_PROGRESS:
        return Side.RECEIVER
    return Side.GIVER if status in MAY_BE_OFFERED_AGAIN else None


def require_order(happened_at: datetime, *, not_before: datetime, not_after: datetime) -> None:
    """Refuse a moment before the previous step or in the future. Raises HappenedOutOfOrder."""
    if not not_before <= happened_at <= not_after:
        raise HappenedOutOfOrder.field("happened_at", HappenedOutOfOrder.title)
