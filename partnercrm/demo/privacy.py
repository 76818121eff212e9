"""What the demo's companies agreed about figures of one person, who looked at whose, and what is kept no longer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from partnercrm.activity import queries
from partnercrm.activity.actions import open_activity
from partnercrm.identity import actions as identity
from partnercrm.identity import retention
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import publishing

_VERSIONS: Final = (
    (400, "off", "We begin without; the works council is asked once the first year is over."),
    (35, "managers", "Agreed with the works council: a manager may look, and the person reads that they did."),
)


def agree_and_look(admin: Actor, manager: Actor, seller: Actor, now: datetime) -> None:
    """Enter two versions of the works agreement, let a manager look at a seller's figures, and open one entry."""
    for days, opened, reason in _VERSIONS:
        with clock.at(now - timedelta(days=days)), db.transaction(admin):
            identity.change_agreement(admin, {"person_figures": opened, "reason": reason})
    if seller.user_id is None:
        raise ValueError("A seller is a person.")
    with clock.at(now - timedelta(days=2)), db.transaction(manager, read_only=True):
        publishing.look_at_figures(manager, seller.user_id)
    with clock.at(now - timedelta(days=1)), db.transaction(admin):
        offered = [one for one in queries.done_by(admin, [seller.user_id]) if one.verb == "lead.offered"]
        open_activity(admin, offered[-1].id, "The customer asks when the lead was passed on.")


def forget_past(companies: Iterable[Actor], now: datetime) -> None:
    """Remove what was past its time last night, as the job of that hour does."""
    night = now.replace(hour=2, minute=41, second=0)
    night -= timedelta(days=night > now)
    for system in companies:
        with clock.at(night), db.transaction(system):
            removed = {kind.name: identity.remove_some(system, kind) for kind in retention.kinds() if kind.counted}
            identity.note_run(system, removed)


def publish(companies: Iterable[Actor]) -> None:
    """Publish the figures of teams of every month that is over."""
    for system in companies:
        with db.transaction(system):
            publishing.publish_all(system)
