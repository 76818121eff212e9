"""What a leaver's items come to: somebody else who keeps programmes owns them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update

from partnercrm.enablement.models import Item
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many items in use a person owns."""
    rows = select(func.count()).select_from(Item).where(*_owned(actor, leaver))
    return (Holding("enablement_items", db.session().scalar(rows) or 0),)


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Make the successor the owner of the items. Raises Invalid."""
    if not any(one.count for one in held_by(actor, leaver)):
        return
    if "enablement:all" not in scopes_of(successor.roles):
        raise Invalid.field("successor_id", "Only who keeps programmes can take these over.")
    moved = update(Item).where(*_owned(actor, leaver)).values(owner_id=successor.id)
    db.session().execute(moved.execution_options(synchronize_session=False))


def _owned(actor: Actor, leaver: User) -> tuple[ColumnElement[bool], ...]:
    return (
        Item.organization_id == actor.organization_id,
        Item.owner_id == leaver.id,
        Item.archived_at.is_(None),
    )
