"""Reading what a partnership takes one's own side: one's own months, totals of enough people, what mapping saved."""

from collections import defaultdict
from collections.abc import Mapping as Values
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from partnercrm.accounts.models.mapping import MappingCell
from partnercrm.accounts.models.times import TimeBaseline, TimeSpent
from partnercrm.accounts.queries.mapping import cells_seen_by
from partnercrm.accounts.times import average, told_months, total
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import is_open_to


class MonthOfTime(NamedTuple):
    """What a side's people say a month took, together and each on average; None of fewer than eight."""

    month: str
    minutes: int | None
    each: int | None


class TimeSeen(NamedTuple):
    """What a member reads of a partnership's time: the own side's, and of single people the own months alone."""

    partnership_id: UUID
    baseline: TimeBaseline | None
    lists_compared: int
    minutes_saved: int | None
    months: Sequence[MonthOfTime]
    mine: Sequence[TimeSpent]

    @property
    def id(self) -> UUID:
        """What a repeated request is about: the partnership."""
        return self.partnership_id


def baselines_seen_by(actor: Actor) -> Select[TimeBaseline]:
    """Return what the actor's side took before, in the living partnerships that the actor is a member of."""
    return select(TimeBaseline).where(
        TimeBaseline.organization_id == actor.organization_id, is_open_to(actor, TimeBaseline.partnership_id)
    )


def times_seen_by(actor: Actor) -> Select[TimeSpent]:
    """Return what the actor said of the living partnerships that the actor is a member of; nobody else's."""
    return select(TimeSpent).where(
        TimeSpent.organization_id == actor.organization_id,
        TimeSpent.user_id == actor.user_id,
        is_open_to(actor, TimeSpent.partnership_id),
    )


def time_of(actor: Actor, partnership_id: UUID) -> TimeSeen:
    """Return what a partnership takes the actor's side. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    rows = baselines_seen_by(actor).where(TimeBaseline.partnership_id == partnership_id)
    baseline = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    told = cells_seen_by(actor).where(MappingCell.partnership_id == partnership_id)
    lists = told.with_only_columns(func.count(MappingCell.mapping_id.distinct()))
    compared: int = db.session().execute(lists).scalar_one()
    own = times_seen_by(actor).where(TimeSpent.partnership_id == partnership_id)
    mine = own.order_by(TimeSpent.month.desc()).execution_options(populate_existing=True)
    return TimeSeen(
        partnership_id,
        baseline,
        compared,
        baseline.list_minutes * compared if baseline else None,
        _months(actor, partnership_id),
        db.session().scalars(mine).all(),
    )


def _months(actor: Actor, partnership_id: UUID) -> list[MonthOfTime]:
    """Return what the actor's side says of each month that nobody adds to any more."""
    months = told_months(clock.now())
    rows = select(TimeSpent.month, TimeSpent.user_id, TimeSpent.minutes).where(
        TimeSpent.organization_id == actor.organization_id,
        TimeSpent.partnership_id == partnership_id,
        TimeSpent.month.in_(months),
    )
    by_month: Values[str, dict[UUID, int]] = defaultdict(dict)
    for month, user_id, minutes in db.session().execute(rows):
        by_month[month][user_id] = minutes
    return [MonthOfTime(month, total(by_month[month]), average(by_month[month])) for month in months]
