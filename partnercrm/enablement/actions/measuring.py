"""Counting how much of a side is enabled when a month is over; asking the own people what they think, unnamed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import update

from partnercrm.activity.actions import record
from partnercrm.enablement import queries
from partnercrm.enablement.coverage import Counted, groups, share
from partnercrm.enablement.errors import PulseClosed, PulseGiven, PulseOpen
from partnercrm.enablement.models.coverage import CoverageGroup, CoverageMonth, Dimension, PulseGiver, PulseRound
from partnercrm.enablement.queries import coverage, standing
from partnercrm.enablement.queries.standing import PersonStanding
from partnercrm.enablement.standing import Status
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries import answering

Key = TypeVar("Key", bound=UUID | str | None)
_MONTHS: Final = 12
TRUSTING: Final = 4
"""From which answer on, of one to five, somebody trusts the partner."""


def publish_coverage(actor: Actor) -> None:
    """Count every month that is over and was not counted, of every living partnership; again changes nothing.

    A month is counted once and stays: read from living rows, it would tell of whoever comes or goes.
    """
    for partnership in answering.living_partnerships(actor):
        found = standing.syllabus(actor, partnership.id)
        began = min((one.editions[0].since for one in found.courses), default=None)
        if began is None:
            continue
        kept = coverage.counted_months(actor, partnership.id)
        for month, ends_at in months_over(began, clock.now()):
            if month not in kept:
                _publish(actor, partnership, month, ends_at)


def months_over(began: datetime, now: datetime) -> list[tuple[str, datetime]]:
    """Return the months (UTC) since a moment that are over, at most the last twelve, each with its end."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found: list[tuple[str, datetime]] = []
    while first > began and len(found) < _MONTHS:
        ends_at = first
        first = (first - timedelta(days=1)).replace(day=1)
        found.append((first.strftime("%Y-%m"), ends_at))
    return found[::-1]


def _publish(actor: Actor, partnership: Partnership, month: str, ends_at: datetime) -> None:
    people = db.session().scalars(standing.people_taught_by(actor)).all()
    stands = [one for one in standing.of_people(actor, partnership.id, people, ends_at) if _is_asked(one)]
    key = {"partnership_id": partnership.id, "organization_id": actor.organization_id, "month": month}
    told = share(_counted(stands, lambda _: "")[""]) if stands else None
    db.session().add(CoverageMonth(**key, other_id=partnership.other(actor.organization_id), percent=told))
    countries, usual = coverage.countries_of_teams(actor)
    by_team = groups(_counted(stands, lambda one: one.team_id))
    by_region = groups(_counted(stands, lambda one: countries.get(one.team_id, usual) if one.team_id else usual))
    for dimension, divided in ((Dimension.TEAM, by_team), (Dimension.REGION, by_region)):
        for place, group in enumerate(divided):
            db.session().add(
                CoverageGroup(
                    **key,
                    dimension=dimension,
                    place=place,
                    team_ids=[one for one in group.keys if isinstance(one, UUID)],
                    countries=[one for one in group.keys if isinstance(one, str) and one],
                    with_others=None in group.keys or "" in group.keys,
                    people=group.counted.people,
                    percent=share(group.counted),
                )
            )
    db.session().flush()


def _is_asked(one: PersonStanding) -> bool:
    return any(item.is_must_know for item in one.items)


def _counted(stands: Sequence[PersonStanding], key: Callable[[PersonStanding], Key]) -> Mapping[Key, Counted]:
    found: dict[Key, Counted] = {}
    for one in stands:
        people, enabled = found.get(key(one), Counted(0, 0))
        found[key(one)] = Counted(people + 1, enabled + (one.status is Status.ENABLED))
    return found


def open_pulse(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> PulseRound:
    """Ask the own people how much they trust a partner. Raises NotFound, PulseOpen."""
    partnerships.held_partnership(actor, partnership_id)
    queries.count_items(actor, partnership_id)
    now = clock.now()
    if coverage.open_pulse(actor, partnership_id, now):
        raise PulseOpen
    opened = PulseRound(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=partnership_id,
        opened_at=now,
        closes_at=now + timedelta(days=given["days"]),
        answers=0,
        trusting=0,
    )
    db.session().add(opened)
    db.session().flush()
    record(actor, "pulse.opened", opened)
    return opened


def give_pulse(actor: Actor, round_id: UUID, rung: int) -> None:
    """Count one answer, of one to five, and that the actor took part; no row says both, and nothing when.

    Raises NotFound, PulseClosed, PulseGiven.
    """
    found = coverage.pulse(actor, round_id, lock=True)
    if found.closes_at <= clock.now():
        raise PulseClosed
    person = identity.oneself(actor)
    with db.unique("pk_pulse_givers", PulseGiven):
        db.session().add(PulseGiver(organization_id=actor.organization_id, round_id=round_id, user_id=person.id))
    counted = update(PulseRound).where(PulseRound.organization_id == actor.organization_id, PulseRound.id == round_id)
    values = {"answers": PulseRound.answers + 1, "trusting": PulseRound.trusting + int(rung >= TRUSTING)}
    db.session().execute(counted.values(**values).execution_options(synchronize_session=False))
