"""What a result says, by which a repeated one is the same, and what it cannot say. Pure."""

from datetime import datetime
from typing import Final

from partnercrm.enablement.items import Outcome

SAID: Final = ("item_id", "user_id", "outcome", "score", "happened_at", "valid_until")


def impossible(
    outcome: Outcome, happened_at: datetime, valid_until: datetime | None, now: datetime
) -> list[tuple[str, str]]:
    """Return (field, sentence) for what is still to come, and for what ends before it began or was not passed."""
    wrong = []
    if happened_at > now:
        wrong.append(("happened_at", "This lies in the future."))
    if valid_until is not None and outcome is not Outcome.PASSED:
        wrong.append(("valid_until", "Only what was passed is valid for a time."))
    elif valid_until is not None and valid_until <= happened_at:
        wrong.append(("valid_until", "This ends before it began."))
    return wrong
