"""What a leaver's imports come to: those still under way pass to a successor, who is told how they end."""

from collections.abc import Sequence

from partnercrm.activity.actions import record
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.integrations.queries import leaving
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many of the leaver's imports are under way."""
    return (Holding("imports under way", len(leaving.imports_under_way(actor, leaver.id))),)


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Make the successor who started the leaver's imports, with no more rights than both have. Raises Invalid."""
    under_way = leaving.imports_under_way(actor, leaver.id, lock=True)
    able = scopes_of(successor.roles)
    if any(one.brings.scope not in able for one in under_way):
        raise Invalid.field("successor_id", "Only who may change leads and accounts can take these over.")
    for one in under_way:
        one.user_id, one.oversees = successor.id, one.oversees and one.brings.oversight in able
        db.session().flush()
        record(actor, "import.handed_over", one)
