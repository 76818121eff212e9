"""Leaving: what a person holds passes to a successor, then the account closes; their name stays on what is past."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.actions.people import cut_off
from partnercrm.identity.errors import AccountClosed, AccountStillHolds, LastAdmin
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound, Told


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of one kind a person holds; `what` is a plural noun."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Holder:
    """What a slice above says of a leaver: what they hold, how it passes to a successor, what ends with them.

    `hand_over` raises Invalid when the successor cannot hold it.
    """

    held_by: Callable[[Actor, User], Sequence[Holding]]
    hand_over: Callable[[Actor, User, User], None]
    let_go: Callable[[Actor, User], None] = lambda actor, leaver: None


_holders: list[Holder] = []


def install(holders: Sequence[Holder]) -> None:
    """Say who is asked what a leaver holds, in the order in which it is handed over."""
    _holders[:] = holders


def held_by(actor: Actor, user: User) -> list[Holding]:
    """Return what a person holds that needs a successor."""
    return [holding for holder in _holders for holding in holder.held_by(actor, user) if holding.count]


def hand_over(actor: Actor, user_id: UUID, successor_id: UUID) -> User:
    """Pass everything a person holds to a colleague, all or nothing; partners see the colleague, not why.

    Raises AccountClosed, Invalid.
    """
    queries.administrators(actor)
    user = _present(actor, user_id)
    _pass_on(actor, user, successor_id)
    record(actor, "user.handed_over", user)
    return user


def close_account(actor: Actor, user_id: UUID, successor_id: UUID | None) -> User:
    """Close a person's account for good, once what they hold has a successor; in one step with one named here.

    Raises AccountStillHolds, AccountClosed, LastAdmin, Invalid.
    """
    administrators = queries.administrators(actor)
    user = _present(actor, user_id)
    if [administrator.id for administrator in administrators] == [user.id]:
        raise LastAdmin
    if successor_id is not None:
        _pass_on(actor, user, successor_id)
    if held := held_by(actor, user):
        # What, not how much: how much work somebody holds is a figure about one person.
        kinds = [holding.what for holding in held]
        sentence = Told("This person still holds %(what)s. Name a successor first.", what=", ".join(kinds))
        raise AccountStillHolds(sentence, holds=kinds)
    for holder in _holders:
        holder.let_go(actor, user)
    user.closed_at = clock.now()
    user.disabled_at = user.disabled_at or user.closed_at
    cut_off(user)
    db.session().flush()
    record(actor, "user.closed", user)
    return user


def _present(actor: Actor, user_id: UUID) -> User:
    user = queries.user(actor, user_id, lock=True)
    if user.closed_at is not None:
        raise AccountClosed
    return user


def _pass_on(actor: Actor, leaver: User, successor_id: UUID) -> None:
    if successor_id == leaver.id:
        raise Invalid.field("successor_id", "Name somebody else.")
    try:
        successor = queries.user(actor, successor_id, lock=True)
    except NotFound as error:
        raise Invalid.field("successor_id", "Your organization has no such person.") from error
    if successor.disabled_at is not None:
        raise Invalid.field("successor_id", "This person's account is disabled.")
    for holder in _holders:
        holder.hand_over(actor, leaver, successor)
    leaver.successor_id = successor.id
    db.session().flush()
