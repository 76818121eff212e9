"""A lead that was offered as a model of an exchange notes it, and what all of them add up to."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from partnercrm.leads.lifecycle import CLOSED, OPENED, STEPS, WORKED_ON, OfferStatus, Side, Step


@dataclass
class Given:
    """A lead that was offered, as both sides must find it."""

    giver: int
    need: str
    seen: dict[str, Any]
    status: OfferStatus = OfferStatus.OFFERED
    is_duplicate: bool = False
    steps: list[OfferStatus] = field(default_factory=lambda: [OfferStatus.OFFERED])

    def take(self, step: OfferStatus) -> None:
        self.status = step
        self.steps.append(step)

    def moment(self, name: str) -> datetime:
        return datetime.fromisoformat(self.seen[name])

    def is_another_of(self, one: "Given", now: datetime) -> bool:
        """Whether that one, of the same need, is a duplicate of this when it is accepted now."""
        if self.status in WORKED_ON or (self.giver != one.giver and self.status in OPENED and not self.is_duplicate):
            return True
        return self.status in CLOSED and now - self.moment("answered_at") < timedelta(days=90)

    def makes_way_for(self, one: "Given") -> bool:
        """Whether this, given by who accepts that one now, was given later and is not qualified."""
        is_later = (self.moment("offered_at"), self.seen["id"]) > (one.moment("offered_at"), one.seen["id"])
        return is_later and self.giver != one.giver and self.status is OfferStatus.ACCEPTED


def may_take(before: OfferStatus, after: OfferStatus, *, by_giver: bool) -> bool:
    return Step(before, after, Side.GIVER if by_giver else Side.RECEIVER) in STEPS


def sums(given: list[Given], organization_id: str) -> Counter[str]:
    """Return how often each step of what one side gave was taken; what was taken back was not offered."""
    found: Counter[str] = Counter()
    for one in (one for one in given if one.seen["giver_id"] == organization_id):
        found.update(step.value for step in one.steps)
        found["offered"] -= OfferStatus.WITHDRAWN in one.steps
    return +found
