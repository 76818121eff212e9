"""What a leaver's registrations come to: they pass to a successor; the partner sees nothing of it."""

from collections.abc import Sequence

from sqlalchemy import update

from partnercrm.deals.models import RegistrationSide
from partnercrm.deals.models.drafts import RegistrationDraft
from partnercrm.deals.queries import leaving
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many open registrations a person works on, and how many they have begun."""
    return (
        Holding("registered deals", leaving.count_open(actor, leaver.id)),
        Holding("drafts of deals", leaving.count_drafts(actor, leaver.id)),
    )


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Let the successor work on what the leaver registered or began to register."""
    if not any(holding.count for holding in held_by(actor, leaver)):
        return
    if "deals:write" not in scopes_of(successor.roles):
        raise Invalid.field("successor_id", "Only who may register deals can take these over.")
    for kept, also in ((RegistrationSide, {}), (RegistrationDraft, {"version": RegistrationDraft.version + 1})):
        theirs = (kept.organization_id == actor.organization_id) & (kept.owner_id == leaver.id)
        passed = update(kept).where(theirs).values(owner_id=successor.id, **also)
        db.session().execute(passed.execution_options(synchronize_session=False))
