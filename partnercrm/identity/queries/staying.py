"""Reading who can be given something to hold: whose account is open, and stays so until the transaction ends."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotSignedIn

_STAYING: Final = (
    select(User.id)
    .where(
        User.organization_id == bindparam("organization"),
        User.id == any_(bindparam("named", type_=ARRAY(Uuid))),
        User.disabled_at.is_(None),
    )
    .order_by(User.id)
    .with_for_update(read=True, key_share=True)
)


def those_who_stay(actor: Actor, user_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the organization's people who can be given something to hold.

    Their accounts are not closed before the transaction ends: who closes one waits, and then finds what it holds.
    Taken before the thing itself, as closing an account takes it. Raises NotSignedIn when the actor is one who left.
    """
    found = db.rows(_STAYING, {"organization": actor.organization_id, "named": list(user_ids)})
    staying = frozenset(row.id for row in found)
    if actor.user_id in user_ids and actor.user_id not in staying:
        raise NotSignedIn
    return staying


def stay(actor: Actor) -> None:
    """Let the actor's account not be closed before the transaction ends. Raises NotSignedIn when it is."""
    if actor.user_id is not None:
        those_who_stay(actor, {actor.user_id})


def followers(actor: Actor, user_ids: Collection[UUID], scope: str) -> Mapping[UUID, UUID | None]:
    """Return who follows each of these whose account is closed: the first successor who stays and holds the scope.

    None where nobody does. The accounts of the others are not closed before the transaction ends.
    """
    known: dict[UUID, User] = {}
    wanted = set(user_ids)
    while wanted - known.keys():
        rows = select(User).where(User.organization_id == actor.organization_id, User.id.in_(wanted - known.keys()))
        locked = rows.order_by(User.id).with_for_update(read=True, key_share=True)
        found = db.session().scalars(locked.execution_options(populate_existing=True)).all()
        known |= {one.id: one for one in found}
        wanted = {one.successor_id for one in known.values() if one.closed_at and one.successor_id}
    return {one: _follower(known, known[one], scope) for one in user_ids if one in known and known[one].closed_at}


def _follower(known: Mapping[UUID, User], leaver: User, scope: str) -> UUID | None:
    passed = set[UUID]()
    one: User | None = leaver
    while one is not None and one.id not in passed:
        if one.closed_at is None:
            return one.id if scope in scopes_of(one.roles) else None
        passed.add(one.id)
        one = known[one.successor_id] if one.successor_id else None
    return None
