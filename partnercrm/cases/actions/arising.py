"""Cases that the record opens and closes by itself: neither side's, each owned on its side by a partner manager."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.cases import lifecycle, queries
from partnercrm.cases.actions.settling import add_entry, new_case, own, touch
from partnercrm.cases.actions.watching import watch
from partnercrm.cases.lifecycle import CaseKind, CaseStatus
from partnercrm.cases.models import Case, EntryKind
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import Partnership

Finding = Mapping[str, Any]
"""`title`, `text` and `facts` (a list of `name` and `value`) that the record shows."""


def begin_analysis(
    actor: Actor, partnership: Partnership, *, claim: str, due_on: date, findings: Sequence[Finding]
) -> Case:
    """Open a cause analysis for both sides of a partnership, which cannot end meanwhile; one at a time.

    The organization's own hand writes it; both sides are told, and each has its owner named by its own hand.
    """
    opened = new_case(
        partnership,
        actor.organization_id,
        kind=CaseKind.CAUSE_ANALYSIS,
        subject=Partnership.__tablename__,
        subject_id=partnership.id,
        due_on=due_on,
    )
    db.session().add(opened)
    db.session().flush()
    add_entry(actor, opened, EntryKind.CLAIM, claim)
    for found in findings:
        _show(actor, opened, found)
    watch(opened)
    for side in opened.sides():
        jobs.defer("cases.take_on", side, case_id=opened.id)
    record(actor, "case.begun", opened, kind=opened.kind.value)
    return opened


def end_analysis(actor: Actor, case_id: UUID, finding: Finding) -> None:
    """Close a cause analysis that the record began, wherever it stands, with what the record shows now."""
    found = queries.case_here(actor, case_id, lock=True)
    if found is None or found.status in lifecycle.OVER:
        return
    _show(actor, found, finding)
    db.session().execute(select(func.step_close_case(found.id, CaseStatus.CLOSED.value, clock.now())))
    record(actor, "case.closed", found)


def take_on(actor: Actor, case_id: UUID) -> None:
    """Let the partner manager who is a member longest own a case on the actor's side, if nobody does yet."""
    found = queries.case_here(actor, case_id, lock=True)
    if found is None or not lifecycle.is_live(found.status) or queries.present_owner(found, actor.organization_id):
        return
    member = queries.first_manager(actor, found.partnership_id)
    if member is not None:
        own(found, member)
        touch(found)
        record(actor, "case.taken_on", found)


def _show(actor: Actor, about: Case, found: Finding) -> None:
    add_entry(
        actor, about, EntryKind.FINDING, found.get("text", ""), title=found["title"], facts=found.get("facts", ())
    )
