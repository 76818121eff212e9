"""Telling what ended windows come to: leads pursued and known before, in totals that point at none of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries import pursuits
from partnercrm.leads.windows import Window
from partnercrm.partnerships.queries import answering, settlement


def tell_totals(actor: Actor) -> None:
    """Tell the totals of every agreed window that is over, of what the actor's organization was given; again nothing.

    Whatever there is to tell, each window gets its row at the same time: that it stands there tells nothing.
    """
    now = clock.now()
    waiting = [(one, pursuits.untold(actor, one, now)) for one in answering.living_partnerships(actor)]
    if not any(windows for _, windows in waiting):
        return
    first_seen = pursuits.own_pipeline(actor, now)
    keys, moments = list(first_seen), list(first_seen.values())
    for partnership, windows in waiting:
        for window in windows:
            _tell(partnership.id, window, keys, moments)


def _tell(partnership_id: UUID, window: Window, keys: Sequence[str], moments: Sequence[datetime]) -> None:
    settlement.settle(partnership_id)
    db.session().execute(select(func.step_tell_totals(partnership_id, window.first, window.last, keys, moments)))
