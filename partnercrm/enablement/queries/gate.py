"""The gate: whether one of the own people may register a deal, or receive a lead, at a moment, and what is missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.enablement import queries
from partnercrm.enablement.gates import Verdict, verdict
from partnercrm.enablement.items import Gated, GateMode
from partnercrm.enablement.models import GateException
from partnercrm.enablement.queries import standing
from partnercrm.enablement.queries.standing import ItemTold
from partnercrm.enablement.standing import ItemState
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class MissingItem:
    """What somebody must know and does not: what it is called, and where it is learned."""

    item_id: UUID
    title: str
    link: str
    state: ItemState


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate says to a person at a moment; an exception lets them pass in spite of what is missing."""

    verdict: Verdict
    missing: tuple[MissingItem, ...] = ()
    is_excepted: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether it is shut."""
        return self.verdict is Verdict.BLOCKED


def gate(actor: Actor, partnership_id: UUID, user_id: UUID, at: datetime, what: Gated = Gated.REGISTERING) -> Gate:
    """Return what the gate says to one of the organization's people at a moment, for this; asks nobody's leave.

    Whether somebody else is enabled is a figure about that person: what is returned is for that person alone, or for
    decisions that do not tell it. Raises NotFound where there is no such person.
    """
    mode = mode_of(actor, partnership_id, what)
    if mode is GateMode.OFF:
        return Gate(Verdict.PASSED)
    stands = standing.of_person(actor, partnership_id, identity.user(actor, user_id), at)
    is_excepted = user_id in excepted(actor, partnership_id, at)
    missing = tuple(_missing(one) for one in stands.missing)
    return Gate(verdict(mode, is_missing=bool(missing), is_excepted=is_excepted), missing, is_excepted)


def mode_of(actor: Actor, partnership_id: UUID, what: Gated) -> GateMode:
    """Return how the own side's gate is set for this; off while nobody has set it."""
    found = queries.programme(actor, partnership_id)
    return found.mode(what) if found else GateMode.OFF


def not_enabled(actor: Actor, partnership_id: UUID, people: Sequence[User], at: datetime) -> Collection[UUID]:
    """Return which of these people miss something and have no exception; for decisions, never to be told."""
    free = excepted(actor, partnership_id, at)
    stands = standing.of_people(actor, partnership_id, people, at)
    return {one.user_id for one in stands if one.missing and one.user_id not in free}


def excepted(actor: Actor, partnership_id: UUID, at: datetime) -> Collection[UUID]:
    """Return whom an exception lets pass at a moment."""
    rows = select(GateException.user_id).where(
        GateException.organization_id == actor.organization_id,
        GateException.partnership_id == partnership_id,
        GateException.given_at <= at,
        func.least(GateException.ends_at, GateException.ended_at) > at,
    )
    return set(db.session().scalars(rows))


def _missing(one: ItemTold) -> MissingItem:
    return MissingItem(one.item_id, one.title, one.page, one.place.state)
