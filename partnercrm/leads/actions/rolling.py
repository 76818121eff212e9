"""Keeping the facts of an exchange by month, so that no report counts its steps; comparing them with a recount."""

from uuid import UUID

from sqlalchemy import func, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def roll_up(_actor: Actor, partnership_id: UUID) -> None:
    """Recount the months of which something was recorded since the last time; what was kept of the others stays."""
    db.session().execute(select(func.step_roll_up(partnership_id)))


def verify_facts(_actor: Actor, partnership_id: UUID) -> int:
    """Return how many facts differ from a recount of every step; where any does, the recount is kept from then on."""
    flaws: int = db.session().execute(select(func.step_verify_facts(partnership_id))).scalar_one()
    return flaws
