"""What makes an organization's books follow what was won, refunded, agreed and divided, and releases what was held."""

from datetime import datetime
from uuid import UUID

from partnercrm.identity import queries as identity
from partnercrm.incentives.actions import accruing, bonuses, questions
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job


@job("incentives.accrue")
def accrue(organization_id: str, deal_id: str | None = None) -> None:
    """Let an organization's books follow its deals, or one of them; begun anew, it goes on where it was."""
    _follow(UUID(organization_id), UUID(deal_id) if deal_id else None)


@job("incentives.accrue_again")
def accrue_again(organization_id: str) -> None:
    """Do so for what waited, too, pay bonuses for leads, and release what was held for its time."""
    _follow(UUID(organization_id), again=True)
    actor = Actor.system(UUID(organization_id))
    _reward(actor)
    released = 1
    while released:
        with db.transaction(actor):
            released = accruing.release(actor)


@job("incentives.accrue_all", every="31 1 * * *")
def accrue_all() -> None:
    """Let the books of every organization follow."""
    with db.transaction(None):
        for organization_id in identity.tenants():
            jobs.defer("incentives.accrue_again", organization_id)


@job("incentives.remind_of_question")
def remind_of_question(organization_id: str, question_id: str) -> None:
    """Tell who pays of a question that is overdue."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        questions.remind_of_question(actor, UUID(question_id))


def _reward(actor: Actor) -> None:
    after: tuple[datetime, UUID] | None = None
    begun = False
    while after or not begun:
        begun = True
        with db.transaction(actor):
            after = bonuses.accrue_bonuses(actor, after)


def _follow(organization_id: UUID, deal_id: UUID | None = None, *, again: bool = False) -> None:
    actor = Actor.system(organization_id)
    after: tuple[datetime, UUID] | None = None
    begun = False
    while after or not begun:
        begun = True
        with db.transaction(actor):
            after = accruing.accrue(actor, after, deal_id, again=again, most=accruing.AT_ONCE)
