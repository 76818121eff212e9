"""Telling people of a programme: those who never were, those whose knowledge was reopened, and before it runs out."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from partnercrm.enablement import queries
from partnercrm.enablement.models import Telling
from partnercrm.enablement.queries import standing
from partnercrm.enablement.standing import ItemState
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.notices.actions.telling import tell
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import answering


def tell_of_programme(actor: Actor, partnership_id: UUID) -> None:
    """Tell everybody whom the programme concerns who never was told; for the organization's own hand."""
    partner = _partner(actor, partnership_id)
    if partner is None:
        return
    told = standing.told_at(actor, partnership_id)
    untold = [one.id for one in _concerned(actor, partnership_id) if one.id not in told]
    if not untold:
        return
    mine = {"organization_id": actor.organization_id, "partnership_id": partnership_id, "told_at": clock.now()}
    kept = insert(Telling).values([mine | {"user_id": one} for one in untold])
    db.session().execute(kept.on_conflict_do_nothing())
    tell(actor, untold, "enablement.told", partnership_id, facts={"partner": partner})


def tell_of_reopened(actor: Actor, item_id: UUID) -> None:
    """Tell those who knew an item that it changed; for the organization's own hand."""
    try:
        found = queries.item(actor, item_id)
    except NotFound:
        return
    people = _at(actor, found.partnership_id, item_id, ItemState.REOPENED)
    partner = _partner(actor, found.partnership_id)
    if partner is None:
        return
    event_id = uuid5(item_id, f"reopened/{found.item.version}")
    tell(actor, people, "enablement.reopened", item_id, event_id=event_id, facts={"partner": partner})


def remind(actor: Actor) -> None:
    """Tell everybody, once for each end, what of their knowledge runs out soon; for the organization's own hand."""
    now = clock.now()
    for partnership in answering.living_partnerships(actor):
        for person in standing.of_people(actor, partnership.id, _concerned(actor, partnership.id), now):
            for one in person.items:
                if one.is_must_know and one.place.state in {ItemState.RENEWABLE, ItemState.EXPIRED} and one.place.until:
                    partner = partnership.name_of(partnership.other(actor.organization_id))
                    _remind_of(actor, person.user_id, one.item_id, one.place.until, partner)


def _remind_of(actor: Actor, user_id: UUID, item_id: UUID, until: datetime, partner: str) -> None:
    event_id = uuid5(item_id, f"ends/{until.isoformat()}")
    tell(actor, [user_id], "enablement.ending", item_id, event_id=event_id, facts={"partner": partner})


def _concerned(actor: Actor, partnership_id: UUID) -> list[User]:
    """Return who has a role that something in the programme is for now."""
    now = clock.now()
    found = standing.syllabus(actor, partnership_id)
    roles = {role for course in found.courses if (edition := course.at(now)) for role in edition.roles}
    everybody: Iterable[User] = db.session().scalars(standing.people_taught_by(actor).order_by(User.id))
    return [one for one in everybody if roles & set(one.roles)]


def _at(actor: Actor, partnership_id: UUID, item_id: UUID, state: ItemState) -> list[UUID]:
    people = standing.of_people(actor, partnership_id, _concerned(actor, partnership_id), clock.now())
    return [
        person.user_id
        for person in people
        for one in person.items
        if one.item_id == item_id and one.place.state is state
    ]


def _partner(actor: Actor, partnership_id: UUID) -> str | None:
    """Return what the other side is called; None where the partnership is over."""
    try:
        queries.living(actor, partnership_id)
        return partnerships.partner_name(actor, partnership_id)
    except NotFound:
        return None
