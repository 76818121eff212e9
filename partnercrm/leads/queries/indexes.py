"""What counts for the agreed share, and who gives next by it: of one exchange at any moment, of all of them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from partnercrm.kernel import clock
from partnercrm.leads import reciprocity, tallies
from partnercrm.leads.queries.facts import facts_of_each
from partnercrm.leads.queries.verdicts import measured_by
from partnercrm.leads.reciprocity import Exchange
from partnercrm.leads.tallies import Given
from partnercrm.leads.turns import Turn, turn
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import Partnership, Terms
from partnercrm.partnerships.queries.known import terms_known_of_each
from partnercrm.partnerships.validity import in_force


@dataclass(frozen=True, slots=True)
class Month:
    """One month (UTC) of the exchange: what each side gave, in the order of the sides."""

    month: str
    first: Given
    second: Given


@dataclass(frozen=True, slots=True)
class Index:
    """What counts for the agreed share: each month of the window by the measure in force when the month began.

    `measure` is the one in force at the end, `since` the window's first month (None from the beginning); `earlier` are
    the other measures by which months in it count, each with the last of these months. `turn` is who gives next.
    """

    measure: Measure
    since: str | None
    earlier: Sequence[tuple[Measure, str]]
    exchange: Exchange
    turn: Turn | None


def index(months: Sequence[Month], known: Sequence[Terms], as_of: datetime) -> Index:
    """Return what counts at `as_of` of an exchange's months, by the terms known then."""
    terms = in_force(known, as_of)
    since = reciprocity.window_begins(as_of, terms.window_months)
    inside = [(month, measured_by(known, month.month)) for month in months if since is None or month.month >= since]
    first = sum(month.first.measured(measure) for month, measure in inside)
    second = sum(month.second.measured(measure) for month, measure in inside)
    ended = {measure: month.month for month, measure in inside if measure is not terms.measure}
    agreed, tolerated = terms.share_given_percent, terms.tolerance_points
    return Index(
        measure=terms.measure,
        since=since,
        earlier=sorted(ended.items(), key=itemgetter(1)),
        exchange=Exchange(first, second),
        turn=turn(first, second, share_percent=agreed, tolerance_points=tolerated),
    )


def indexes(joined: Sequence[Partnership]) -> Mapping[UUID, Index]:
    """Return what counts by now in each of the actor's partnerships; a fixed number of questions for all."""
    now, ids = clock.now(), [one.id for one in joined]
    known, agreed = facts_of_each(ids, now), terms_known_of_each(ids, now)
    found = {}
    for one in joined:
        sides = [side.organization_id for side in one.sides_by_id]
        given = tallies.by_month(known[one.id].tallies, sides)
        months = [Month(month, *by_side) for month, by_side in given.items()]
        found[one.id] = index(months, agreed[one.id], now)
    return found
