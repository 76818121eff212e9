"""Erasing a person, and writing out what is kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record, record_erasure
from partnercrm.identity import queries
from partnercrm.identity.actions import keepers
from partnercrm.identity.errors import LastAdmin, NobodyKnown
from partnercrm.identity.queries import keeping
from partnercrm.kernel import db, mail
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure went through, in numbers."""

    users: int
    leads: int
    offers: int
    activities: int


def erase_person(actor: Actor, email: str) -> Erased:
    """Erase whoever the organization knows by this address, from its own rows and from the copies at its partners.

    Names stand for the person wherever the address stood beside them. What was done stays, without who. Both sides of
    every partnership concerned are told that a person was erased, not who. Raises NobodyKnown, LastAdmin.
    """
    administrators = queries.administrators(actor)
    if [one.email for one in administrators] == [email.lower()]:
        raise LastAdmin
    is_known = any(keepers.kept_of(actor, email.lower()).values())
    own_event = new_id()
    done = db.session().execute(select(func.step_erase_person(email, own_event))).scalar_one()
    db.session().expire_all()
    counted = Erased(**done["counted"])
    if not is_known and not any((counted.users, counted.leads, counted.offers, counted.activities)):
        raise NobodyKnown
    record_erasure(actor, queries.organization(actor), own_event)
    for partnership_id, event in done["partnerships"].items():
        keepers.tell(actor, UUID(partnership_id), UUID(event))
    mail.forget(email)
    return counted


def export_person(actor: Actor, email: str) -> Mapping[str, Any]:
    """Return everything the organization keeps of a person, by kind; a colleague reads who asked for it.

    Raises NobodyKnown.
    """
    found = kept_of(actor, email)
    for person in keeping.people_known_by(actor, email):
        if person.id != actor.user_id:
            record(actor, "person.looked_at", person, what="export", purpose="")
    return found


def kept_of(actor: Actor, email: str) -> Mapping[str, Any]:
    """Return everything the organization keeps of a person, by kind. Raises NobodyKnown."""
    found = {kind: rows for kind, rows in keepers.kept_of(actor, email.lower()).items() if rows}
    if not found:
        raise NobodyKnown
    return found
