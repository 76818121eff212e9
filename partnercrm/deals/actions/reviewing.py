"""Reviewing a registration, answering what the review asks, protecting it, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from partnercrm.deals import conflicts, protection
from partnercrm.deals.actions import selling
from partnercrm.deals.actions.registering import add_evidence
from partnercrm.deals.actions.steps import both_hours, hours_of, reject, to_step, told, told_value, wait_for
from partnercrm.deals.conflicts import Evidence
from partnercrm.deals.errors import NotAsked
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import RegistrationSeen, registration_side_of
from partnercrm.deals.registering import AskedField, Party, RegistrationStatus
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.partnerships.models import Partnership

_NEEDED: Final = "The other side asks for this."


def begin_review(actor: Actor, registration_id: UUID) -> RegistrationSeen:
    """Say that a registration is being looked at; its clock goes on. Raises RegistrationDecided, RegistrationMoved."""
    found, _ = to_step(actor, registration_id, RegistrationStatus.IN_REVIEW, Party.REVIEWER)
    found.status = RegistrationStatus.IN_REVIEW
    return told(actor, found, "reviewed")


def ask_for_more(actor: Actor, registration_id: UUID, given: Mapping[str, Any]) -> RegistrationSeen:
    """Ask for named fields to be filled in or mended; until then the clock runs for whoever registered it."""
    found, partnership = to_step(actor, registration_id, RegistrationStatus.ACTION_REQUIRED)
    found.status, found.note = RegistrationStatus.ACTION_REQUIRED, given["note"]
    found.asked_fields = [one.value for one in AskedField if one in given["asked_fields"]]
    _wait_for(actor, found, partnership, Party.REGISTRANT)
    return told(actor, found, "returned", note=found.note, fields=found.asked_fields)


def resubmit(actor: Actor, registration_id: UUID, given: Mapping[str, Any]) -> RegistrationSeen:
    """Fill in what was asked for, all of it and nothing else; the review goes on. Raises NotAsked, Invalid."""
    found, partnership = to_step(actor, registration_id, RegistrationStatus.IN_REVIEW, Party.REGISTRANT)
    asked = set(found.asked_fields)
    if strange := [name for name in given if name not in asked]:
        raise NotAsked([FieldError(name, NotAsked.title) for name in sorted(strange)])
    wrong = [FieldError(name, _NEEDED) for name in found.asked_fields if name not in given]
    if given.get("close_on") and given["close_on"] < db.now().date():
        wrong.append(FieldError("close_on", "This day has passed."))
    if wrong:
        raise Invalid(wrong)
    _fill_in(actor, found, partnership, given)
    found.status, found.asked_fields = RegistrationStatus.IN_REVIEW, []
    _wait_for(actor, found, partnership, Party.REVIEWER)
    return told(actor, found, "resubmitted")


def _fill_in(actor: Actor, found: Registration, partnership: Partnership, given: Mapping[str, Any]) -> None:
    columns = {name: value for name, value in given.items() if name != "value"}
    if value := given.get("value"):
        columns |= told_value(partnership, value)
        if side := registration_side_of(actor, found.id):
            side.value_minor = value.minor
    for name, kept in columns.items():
        setattr(found, name, kept)


def approve(actor: Actor, registration_id: UUID, given: Mapping[str, Any]) -> RegistrationSeen:
    """Approve a registration: it is protected for as long as was agreed. `direct_deal` declares one of the own side."""
    found, partnership = to_step(actor, registration_id, RegistrationStatus.APPROVED, Party.REVIEWER)
    found.direct_deal = given.get("direct_deal")
    protect(actor, found, partnership, given.get("note", ""))
    return told(actor, found, "approved", note=found.note)


def protect(actor: Actor, found: Registration, partnership: Partnership, note: str) -> None:
    """Let a registration hold its place until the agreed window ends in the working time of both sides."""
    now = clock.now()
    found.status, found.note, found.approved_at, found.decided_at = RegistrationStatus.APPROVED, note, now, now
    found.ends_at = protection.window(both_hours(actor, found), now, partnership.terms.protection_days)
    _let_end(found)
    selling.open_deal(actor, found)


def reject_registration(actor: Actor, registration_id: UUID, given: Mapping[str, Any]) -> RegistrationSeen:
    """Reject a registration for a reason both sides read; a direct deal is said, and nothing of it shown."""
    found, _ = to_step(actor, registration_id, RegistrationStatus.REJECTED, Party.REVIEWER)
    reject(found, given["reason"], given.get("note", ""))
    found.direct_deal = given.get("direct_deal")
    return told(actor, found, "rejected", reason=given["reason"].value, note=found.note)


def withdraw(actor: Actor, registration_id: UUID) -> RegistrationSeen:
    """Take a registration back; its place is free."""
    found, _ = to_step(actor, registration_id, RegistrationStatus.WITHDRAWN)
    found.status, found.asked_fields, found.decided_at = RegistrationStatus.WITHDRAWN, [], clock.now()
    return told(actor, found, "withdrawn")


def extend(actor: Actor, registration_id: UUID, given: Mapping[str, Any]) -> RegistrationSeen:
    """Log a step of a protected deal: it protects as long again from then, within a year of the approval."""
    found, partnership = to_step(actor, registration_id, RegistrationStatus.EXTENDED)
    now = db.now()
    happened_at: datetime = given["happened_at"]
    began = found.approved_at or found.submitted_at
    if not began <= happened_at <= now:
        raise Invalid.field("happened_at", "A step that extends happened since the approval, and not in the future.")
    hours, days = both_hours(actor, found), partnership.terms.protection_days
    found.ends_at = protection.extended(hours, began, found.ends_at, happened_at=happened_at, days=days)
    found.status = RegistrationStatus.EXTENDED
    db.session().flush()
    add_evidence(found, Evidence(conflicts.EvidenceKind(given["kind"]), happened_at, now))
    _let_end(found)
    return told(actor, found, "extended", kind=given["kind"].value)


def _let_end(found: Registration) -> None:
    db.session().flush()
    jobs.defer("deals.expire_protection", found.organization_id, at=found.ends_at, registration_id=found.id)


def _wait_for(actor: Actor, found: Registration, partnership: Partnership, party: Party) -> None:
    side = found.organization_id if party is Party.REGISTRANT else found.other_id
    hours = hours_of(actor, found, party)
    wait_for(found, side, hours, clock.now(), partnership.terms.review_hours)
