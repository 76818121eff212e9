"""Appealing a conflict: a case both sides settle, or a moderator decides; a corrected one gives the place back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.cases.actions import open_case
from partnercrm.cases.lifecycle import CaseKind, Outcome
from partnercrm.cases.models import Case
from partnercrm.deals import queries
from partnercrm.deals.actions.steps import hours_of, reject, wait_for
from partnercrm.deals.errors import NotAppealable
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import RegistrationSeen, appeals, claims, coming
from partnercrm.deals.registering import Party, RegistrationStatus, RejectReason
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships


def appeal(actor: Actor, registration_id: UUID, given: Mapping[str, Any]) -> RegistrationSeen:
    """Appeal that a claim was outweighed: a case opens with what both read of the two claims. Raises NotAppealable."""
    found, _ = queries.registration_to_step(actor, registration_id)
    seen = queries.registration(actor, registration_id)
    if not appeals.may_appeal(actor, seen):
        raise NotAppealable
    case = open_case(
        actor,
        found.partnership_id,
        kind=CaseKind.APPEAL,
        claim=given["claim"],
        subject=Registration.__tablename__,
        subject_id=found.id,
        evidence=[exhibit(actor, found.id)],
    )
    record(actor, "registration.appealed", found, case_id=str(case.id))
    return queries.registration(actor, found.id)


def settle_appeal(actor: Actor, _verb: str, case: Case, _activity_id: UUID) -> None:
    """Let follow what a decided appeal means: a corrected one takes its place again, from whoever holds it now."""
    if case.subject != Registration.__tablename__ or case.subject_id is None or case.outcome is None:
        return
    found = claims.registration_of_clock(actor, case.subject_id)
    if found is None or found.reason is not RejectReason.EARLIER_EVIDENCE:
        return
    if case.outcome is not Outcome.CORRECTED:
        record(actor, "registration.upheld", found, case_id=str(case.id))
        return
    place = (found.partnership_id, found.joint_account_id, found.product_line_id)
    if found.offer_id is not None and coming.is_registered(actor, found.partnership_id, found.offer_id):
        # Another deal came from the lead meanwhile: it is that one's.
        found.offer_id = found.lead_given_at = None
    claims.lock_place(*place)
    standing = claims.holders(actor, *place)
    if any(one.organization_id == found.organization_id for one in standing):
        return
    for holder in standing:
        # Where two joint accounts were merged, the deal is with the one that the other side registered it with.
        found.joint_account_id = holder.joint_account_id
        db.session().flush()
        reject(holder, RejectReason.APPEAL)
        db.session().flush()
        record(actor, "registration.displaced", holder)
    _reinstate(actor, found)
    record(actor, "registration.reinstated", found, case_id=str(case.id))


def _reinstate(actor: Actor, found: Registration) -> None:
    """Give a registration its place back: it waits for a review as if it had just been made."""
    found.status, found.reason, found.decided_at = RegistrationStatus.SUBMITTED, None, None
    found.outweighed_at = found.outweighed_by = None
    terms = partnerships.partnership(actor, found.partnership_id).terms
    hours = hours_of(actor, found, Party.REVIEWER)
    wait_for(found, found.other_id, hours, clock.now(), terms.review_hours)


def exhibit(actor: Actor, registration_id: UUID) -> Mapping[str, Any]:
    """Write down what both sides read of a registration and the claim that outweighed it, to show in a case."""
    seen = queries.registration(actor, registration_id)
    facts = [
        {"name": "Company", "value": seen.account_name},
        {"name": "Registered on", "value": seen.submitted_at.date().isoformat()},
        *(
            {"name": step.kind.value.replace("_", " ").capitalize(), "value": step.happened_at.date().isoformat()}
            for step in seen.evidence
        ),
    ]
    if seen.outweighed_at:
        kind, on = seen.outweighed_by.value.replace("_", " "), seen.outweighed_at.date().isoformat()
        facts.append({"name": "Outweighed by", "value": f"{kind}, {on}"})
    return {"title": "The registration as both sides read it", "text": "", "facts": facts}
