"""What the clock does to cases: says on each side that one is due, and closes what was decided."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.cases import lifecycle, queries
from partnercrm.cases.actions.announcing import tell_side
from partnercrm.cases.lifecycle import CaseStatus
from partnercrm.cases.models import Case
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor

# Long enough to read a decision and do what it says, before its file is closed to the moderator.
CLOSES_AFTER: Final = timedelta(days=14)


def watch(about: Case) -> None:
    """Let both sides be told, each by its own hand, when an opened case is due."""
    for side in about.sides():
        jobs.defer("cases.remind_of_due", side, at=_over(about), case_id=about.id)


def watch_decided(actor: Actor, about: Case) -> None:
    """Let a decided case be closed some time after its decision, whoever forgot to."""
    if about.decided_at is not None:
        jobs.defer("cases.close_decided", actor.organization_id, at=about.decided_at + CLOSES_AFTER, case_id=about.id)


def remind_of_due(actor: Actor, case_id: UUID) -> None:
    """Tell the owner and the managers of the actor's side that a case is due and not decided; they escalate it."""
    about = queries.case_here(actor, case_id)
    if about is None or not lifecycle.is_live(about.status):
        return
    if db.now() < _over(about):
        jobs.defer("cases.remind_of_due", actor.organization_id, at=_over(about), case_id=about.id)
        return
    tell_side(actor, about.id, "case.due", about.id)


def close_decided(actor: Actor, case_id: UUID) -> None:
    """Close a case that was decided long enough ago; its moderator sees nothing of it from now on."""
    about = queries.case_here(actor, case_id, lock=True)
    if about is None or about.status is not CaseStatus.DECIDED or about.decided_at is None:
        return
    if db.now() < about.decided_at + CLOSES_AFTER:
        watch_decided(actor, about)
        return
    db.session().execute(select(func.step_close_case(about.id, CaseStatus.CLOSED.value, clock.now())))
    record(actor, "case.closed", about)


def _over(about: Case) -> datetime:
    return datetime.combine(about.due_on + timedelta(days=1), time(), UTC)
