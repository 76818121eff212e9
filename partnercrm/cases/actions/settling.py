"""Opening a case, arguing it, and deciding it between the two sides."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from partnercrm.activity.actions import record
from partnercrm.cases import lifecycle, queries
from partnercrm.cases.actions.watching import watch, watch_decided
from partnercrm.cases.errors import CaseInOtherHands, OutcomeChanged
from partnercrm.cases.facts import kept
from partnercrm.cases.lifecycle import CaseKind, CaseStatus, DecidedBy, Outcome
from partnercrm.cases.models import Case, CaseEntry, CaseOwner, EntryKind
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member, Partnership

USUAL_DAYS: Final = 14


def open_case(
    actor: Actor,
    partnership_id: UUID,
    *,
    kind: CaseKind,
    claim: str,
    subject: str | None = None,
    subject_id: UUID | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    due_on: date | None = None,
) -> Case:
    """Open a case with the other side of a partnership; the actor owns it on their own side.

    `subject` and `subject_id` point at what it is about, as its slice calls it. `evidence` is copied in: mappings of
    `title`, `text` and `facts` (a list of `name` and `value`). Raises NotFound, Invalid.
    """
    partnerships.held_partnership(actor, partnership_id)
    partnership = partnerships.partnership(actor, partnership_id)
    member = _membership(actor, partnership_id)
    due_on = due_on or clock.now().date() + timedelta(days=USUAL_DAYS)
    if due_on < clock.now().date():
        raise Invalid.field("due_on", "This day has passed.")
    opened = new_case(
        partnership, actor.organization_id, kind=kind, subject=subject, subject_id=subject_id, due_on=due_on
    )
    db.session().add(opened)
    db.session().flush()
    add_entry(actor, opened, EntryKind.CLAIM, claim)
    for shown in evidence:
        _show(actor, opened, shown)
    own(opened, member)
    db.session().flush()
    watch(opened)
    record(actor, "case.opened", opened, kind=kind.value)
    return queries.case(actor, opened.id)


def make_statement(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Say something to a case; the other side's first words bring it into discussion. Raises CaseSettled."""
    found = _live_case(actor, case_id)
    add_entry(actor, found, EntryKind.STATEMENT, given["text"])
    return _answered(actor, found, "case.stated")


def add_evidence(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Copy into the case what the actor's side chooses to show; it stays as it was shown. Raises CaseSettled."""
    found = _live_case(actor, case_id)
    _show(actor, found, given)
    return _answered(actor, found, "case.shown")


def propose_outcome(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Propose what the case comes to; a later proposal takes its place. Raises CaseSettled, CaseInOtherHands."""
    found = _live_case(actor, case_id)
    _require_owner(actor, found)
    proposal = add_entry(
        actor, found, EntryKind.PROPOSAL, given["reasons"], outcome=given["outcome"], next_step=given.get("next_step")
    )
    found.proposal_id, found.proposed_by_id = proposal.id, actor.organization_id
    return _answered(actor, found, "case.outcome_proposed")


def agree_outcome(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Agree to the outcome that the other side proposes now, named by its id: the case is decided.

    Raises OutcomeChanged, CaseSettled, CaseInOtherHands.
    """
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_step(found.status, CaseStatus.DECIDED, found.party_of(actor.organization_id))
    _require_owner(actor, found)
    if found.proposal_id != given["proposal_id"] or found.proposed_by_id == actor.organization_id:
        raise OutcomeChanged(proposal_id=found.proposal_id)
    proposal = queries.entry(actor, found, given["proposal_id"])
    agreed: dict[str, Any] = {"outcome": proposal.outcome, "reasons": proposal.text, "next_step": proposal.next_step}
    write_decision(actor, found, DecidedBy.BOTH, **agreed)
    announce_decision(actor, found)
    return queries.case(actor, found.id)


def withdraw_case(actor: Actor, case_id: UUID) -> Case:
    """Take back a case the actor's side opened, before it is decided. Raises CaseSettled, StepNotYours."""
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_step(found.status, CaseStatus.WITHDRAWN, found.party_of(actor.organization_id))
    return _end(actor, found, CaseStatus.WITHDRAWN, EntryKind.WITHDRAWAL)


def close_case(actor: Actor, case_id: UUID) -> Case:
    """Close a decided case; its moderator sees nothing of it from now on. Raises CaseSettled, CaseInOtherHands."""
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_step(found.status, CaseStatus.CLOSED, found.party_of(actor.organization_id))
    return _end(actor, found, CaseStatus.CLOSED, EntryKind.CLOSING)


def hand_over_case(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Make another member of the actor's side the case's owner. Raises CaseInOtherHands, CaseSettled, Invalid."""
    found = _live_case(actor, case_id)
    if not actor.has("partnerships:write"):
        _require_owner(actor, found)
    try:
        member = partnerships.own_side_member(actor, found.partnership_id, given["member_id"])
    except NotFound as error:
        raise Invalid.field("member_id", "Your side has no such member in the partnership.") from error
    own(found, member)
    touch(found)
    record(actor, "case.handed_over", found)
    return queries.case(actor, found.id)


def add_entry(
    actor: Actor,
    about: Case,
    kind: EntryKind,
    text: str = "",
    *,
    title: str | None = None,
    facts: Sequence[Mapping[str, Any]] = (),
    outcome: Outcome | None = None,
    next_step: str | None = None,
) -> CaseEntry:
    """Add something said or shown to a case's file."""
    entry = CaseEntry(
        id=new_id(),
        case_id=about.id,
        partnership_id=about.partnership_id,
        first_organization_id=about.first_organization_id,
        second_organization_id=about.second_organization_id,
        author_id=actor.organization_id,
        kind=kind,
        title=title,
        text=text,
        next_step=next_step,
        facts=[kept(fact) for fact in facts],
        outcome=outcome,
        happened_at=clock.now(),
    )
    db.session().add(entry)
    db.session().flush()
    return entry


def write_decision(
    actor: Actor, about: Case, by: DecidedBy, *, outcome: Outcome | None, reasons: str, next_step: str | None
) -> None:
    """Write the decision down."""
    add_entry(actor, about, EntryKind.DECISION, reasons, outcome=outcome, next_step=next_step)
    about.status, about.outcome, about.decided_by = CaseStatus.DECIDED, outcome, by
    about.decided_at = clock.now()
    db.session().flush()


def touch(about: Case) -> None:
    """Give the case a new version, also when only its file or its owner changed."""
    flag_modified(about, "status")
    db.session().flush()


def announce_decision(actor: Actor, about: Case) -> None:
    """Record for both sides what was decided; what follows from it follows in the same transaction."""
    watch_decided(actor, about)
    outcome, by = about.outcome, about.decided_by
    record(actor, "case.decided", about, outcome=outcome and outcome.value, by=by and by.value)


def new_case(partnership: Partnership, opener_id: UUID, **columns: Any) -> Case:
    """Return a case between the two sides of a partnership, not yet added."""
    first, second = sorted(partnership.sides())
    return Case(
        id=new_id(),
        partnership_id=partnership.id,
        first_organization_id=first,
        second_organization_id=second,
        first_name=partnership.name_of(first),
        second_name=partnership.name_of(second),
        opener_id=opener_id,
        status=CaseStatus.OPEN,
        opened_at=clock.now(),
        **columns,
    )


def _show(actor: Actor, about: Case, shown: Mapping[str, Any]) -> None:
    add_entry(
        actor, about, EntryKind.EVIDENCE, shown.get("text", ""), title=shown["title"], facts=shown.get("facts", ())
    )


def own(about: Case, member: Member) -> None:
    """Let the member own the case on their side from now on."""
    now = clock.now()
    if before := queries.present_owner(about, member.organization_id):
        before.until = now
        db.session().flush()
    db.session().add(
        CaseOwner(
            id=new_id(),
            case_id=about.id,
            partnership_id=about.partnership_id,
            first_organization_id=about.first_organization_id,
            second_organization_id=about.second_organization_id,
            organization_id=member.organization_id,
            member_id=member.id,
            since=now,
        )
    )


def _live_case(actor: Actor, case_id: UUID) -> Case:
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_live(found.status)
    return found


def _answered(actor: Actor, about: Case, verb: str) -> Case:
    """Note that the actor's side has spoken: whoever does so first owns the case there."""
    about.status = lifecycle.after_words_of(about.status, about.party_of(actor.organization_id))
    if queries.present_owner(about, actor.organization_id) is None:
        own(about, _membership(actor, about.partnership_id))
    touch(about)
    record(actor, verb, about)
    return queries.case(actor, about.id)


def _end(actor: Actor, about: Case, how: CaseStatus, entry: EntryKind) -> Case:
    _require_owner(actor, about)
    add_entry(actor, about, entry)
    db.session().execute(select(func.step_close_case(about.id, how.value, clock.now())))
    record(actor, f"case.{how.value}", about)
    return queries.case(actor, about.id)


def _require_owner(actor: Actor, about: Case) -> None:
    """Refuse who may not act as the owner. Raises CaseInOtherHands."""
    if not queries.may_act_as_owner(actor, about):
        raise CaseInOtherHands


def _membership(actor: Actor, partnership_id: UUID) -> Member:
    """Return the membership the actor acts under: the other side reads that one, and not who stands in."""
    member = partnerships.acting_member(actor, partnership_id)
    if member is None:
        raise NotFound
    return member
