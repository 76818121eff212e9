"""Saying what a partnership takes: one's own month, if one wishes, and what one's side took before it was signed."""

from collections.abc import Mapping as Values
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts.models.times import TimeBaseline, TimeSpent
from partnercrm.accounts.queries import times as queries
from partnercrm.accounts.queries.times import TimeSeen
from partnercrm.accounts.times import open_months
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Told
from partnercrm.kernel.ids import random_id
from partnercrm.partnerships import queries as partnerships


def tell_time(actor: Actor, partnership_id: UUID, given: Values[str, Any]) -> TimeSeen:
    """Say what a partnership took the actor in a month; nobody else reads it, and it stands in no trail.

    Raises NotFound, Invalid.
    """
    partnerships.held_partnership(actor, partnership_id)
    months = open_months(clock.now())
    if given["month"] not in months:
        raise Invalid.field("month", Told("Time is told of %(this)s or %(last)s.", this=months[0], last=months[1]))
    changing = {"minutes": given["minutes"], "told_at": clock.now()}
    whose = {"organization_id": actor.organization_id, "partnership_id": partnership_id, "user_id": actor.user_id}
    told = insert(TimeSpent).values(id=random_id(), month=given["month"], **whose, **changing)
    db.session().execute(told.on_conflict_do_update(constraint="uq_time_spent_once", set_=changing))
    return queries.time_of(actor, partnership_id)


def state_time_baseline(actor: Actor, partnership_id: UUID, given: Values[str, Any]) -> TimeSeen:
    """State what the actor's side took before the partnership was signed. Raises NotFound."""
    partnerships.held_partnership(actor, partnership_id)
    changing = {name: given[name] for name in ("list_minutes", "month_minutes")} | {"stated_at": clock.now()}
    whose = {"organization_id": actor.organization_id, "partnership_id": partnership_id}
    stated = insert(TimeBaseline).values(**whose, **changing)
    db.session().execute(stated.on_conflict_do_update(constraint="pk_time_baselines", set_=changing))
    return queries.time_of(actor, partnership_id)
