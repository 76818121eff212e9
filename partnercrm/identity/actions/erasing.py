"""Erasing a person, and writing out what is kept of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity import queries as activity
from partnercrm.activity.actions import record, record_erasure
from partnercrm.activity.models import AuditChain, SharedAuditChain
from partnercrm.identity import queries
from partnercrm.identity.errors import LastAdmin, NobodyKnown
from partnercrm.identity.queries import subject_access
from partnercrm.kernel import db, mail
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure went through, in numbers."""

    users: int
    leads: int
    accounts: int
    offers: int
    activities: int


class Exported(NamedTuple):
    """What is kept of a person, by kind; of which kinds there is more; and where the record's chains end then."""

    kept: Mapping[str, Sequence[Mapping[str, Any]]]
    cut_off: Sequence[str]
    heads: Sequence[AuditChain | SharedAuditChain]


class Partnerships(NamedTuple):
    """What erasing does to the partnerships of an organization, which stand above: hold all, tell both sides of one."""

    hold: Callable[[Actor], None]
    tell: Callable[[Actor, UUID, UUID], None]


_partnerships: list[Partnerships] = []


def install(partnerships: Partnerships) -> None:
    """Say how partnerships are held while a person is erased, and who tells both sides of those concerned."""
    _partnerships[:] = [partnerships]


def erase_person(actor: Actor, email: str) -> Erased:
    """Erase whoever the organization knows by this address, from its own rows and from the copies at its partners.

    Names stand for the person wherever the address stood beside them. What was done stays, without who. Both sides of
    every partnership concerned are told that a person was erased, not who. Raises NobodyKnown, LastAdmin.
    """
    administrators = queries.administrators(actor)
    if [one.email for one in administrators] == [email.lower()]:
        raise LastAdmin
    is_known = any(True for _ in subject_access.kept_of(actor, email.lower()))
    # In the order in which everybody takes locks: people, partnerships, then what is shared in them.
    subject_access.account(actor, email.lower(), lock=True)
    for partnerships in _partnerships:
        partnerships.hold(actor)
    own_event = new_id()
    done = db.session().execute(select(func.step_erase_person(email, own_event))).scalar_one()
    db.session().expire_all()
    counted = Erased(**done["counted"])
    if not is_known and not any((counted.users, counted.leads, counted.accounts, counted.offers, counted.activities)):
        raise NobodyKnown
    record_erasure(actor, queries.organization(actor), own_event)
    for partnership_id, event in done["partnerships"].items():
        for partnerships in _partnerships:
            partnerships.tell(actor, UUID(partnership_id), UUID(event))
    mail.forget(email)
    return counted


def export_person(actor: Actor, email: str) -> Exported:
    """Return everything the organization keeps of a person, by kind; a colleague reads who asked for it.

    Raises NobodyKnown.
    """
    found = kept_of(actor, email)
    person = subject_access.account(actor, email.lower())
    if person and person.id != actor.user_id:
        record(actor, "person.looked_at", person, what="export", purpose="")
    return found


def kept_of(actor: Actor, email: str) -> Exported:
    """Return everything the organization keeps of a person, by kind. Raises NobodyKnown."""
    found = list(subject_access.kept_of(actor, email.lower()))
    if not found:
        raise NobodyKnown
    kept = {section.kind: section.rows for section in found}
    return Exported(kept, [section.kind for section in found if section.cut_off], activity.heads(actor))
