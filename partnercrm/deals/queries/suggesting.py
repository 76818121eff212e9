"""Reading what helps a person to fill in a deal: joint accounts by name, and the currency they used last."""

from uuid import UUID

from sqlalchemy import func

from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.queries.joint import joint_accounts_seen_by
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import registrations_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor

_USUAL = "EUR"


def names(actor: Actor, typed: str, most: int) -> list[str]:
    """Return what joint accounts are called whose name holds what was typed, in their order; at most so many."""
    rows = joint_accounts_seen_by(actor).with_only_columns(JointAccount.name).where(JointAccount.name.is_not(None))
    if typed:
        rows = rows.where(func.lower(JointAccount.name).contains(typed.lower(), autoescape=True))
    found = db.session().scalars(rows.order_by(func.lower(JointAccount.name)).limit(most))
    return [name for name in dict.fromkeys(found) if name]


def called(actor: Actor, partnership_id: str | None, name: str) -> UUID | None:
    """Return the one joint account of a partnership that is called so, if there is exactly one."""
    try:
        partnership = UUID(partnership_id or "")
    except ValueError:
        return None
    rows = joint_accounts_seen_by(actor).where(
        JointAccount.partnership_id == partnership, func.lower(JointAccount.name) == name.lower()
    )
    found = db.session().scalars(rows.with_only_columns(JointAccount.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def currency(actor: Actor) -> str:
    """Return in which currency the actor's side registered last."""
    rows = registrations_seen_by(actor).where(Registration.organization_id == actor.organization_id)
    newest = rows.with_only_columns(Registration.currency).order_by(Registration.submitted_at.desc()).limit(1)
    return db.session().scalars(newest).first() or _USUAL
