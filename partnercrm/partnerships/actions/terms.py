"""Changing the terms: a side's draft, what it proposes, and the other side's answer."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries
from partnercrm.partnerships.agreements import Criterion, Goal, ProductLine, SplitTemplate
from partnercrm.partnerships.differences import SEVERAL, SINGLE, differences
from partnercrm.partnerships.errors import (
    AnsweredByTheOther,
    NothingChanges,
    PartnershipEnded,
    TermChangeAnswered,
    TermChangeOpenAlready,
    TermsChangedMeanwhile,
)
from partnercrm.partnerships.models import ChangeStatus, Partnership, TermChange, TermDraft
from partnercrm.partnerships.queries import settlement
from partnercrm.partnerships.queries import terms as reading
from partnercrm.partnerships.queries.terms import ChangeSeen
from partnercrm.partnerships.soundness import beyond_cap, unsound

_KINDS: Final[Mapping[str, Callable[..., Any]]] = {
    "goals": Goal,
    "criteria": Criterion,
    "product_lines": ProductLine,
    "split_templates": SplitTemplate,
}


def keep_term_draft(
    actor: Actor, partnership_id: UUID, given: Mapping[str, Any], expected: str | None = None
) -> TermDraft:
    """Keep what the actor's side means to propose; the other side sees nothing of it.

    `expected` names the draft that is replaced, None where there is none. Raises PartnershipEnded, MatchRequired,
    Stale, TermsChangedMeanwhile, Invalid.
    """
    partnership = living(actor, partnership_id)
    draft = reading.own_draft(actor, partnership.id)
    versions.require_of_standing(expected, draft.version_tag if draft else None)
    proposed = _proposed(actor, partnership, given)
    if draft is None:
        draft = TermDraft(
            id=new_id(), partnership_id=partnership.id, organization_id=actor.organization_id, saved_at=clock.now()
        )
        db.session().add(draft)
    else:
        draft.version += 1
    for name, value in (proposed | {"saved_at": clock.now()}).items():
        setattr(draft, name, value)
    db.session().flush()
    record(actor, "term_draft.kept", draft)
    return draft


def discard_term_draft(actor: Actor, partnership_id: UUID) -> None:
    """Throw the draft of the actor's side away."""
    queries.partnership(actor, partnership_id, lock=True)
    draft = reading.term_draft(actor, partnership_id)
    db.session().delete(draft)
    record(actor, "term_draft.discarded", draft)


def propose_terms(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> ChangeSeen:
    """Propose other terms to the partner; a draft of them has served its purpose.

    Raises PartnershipEnded, TermsChangedMeanwhile, TermChangeOpenAlready, NothingChanges, Invalid.
    """
    partnership = living(actor, partnership_id)
    proposed = _proposed(actor, partnership, given)
    change = TermChange(
        id=new_id(),
        partnership_id=partnership.id,
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        status=ChangeStatus.OPEN,
        answer="",
        proposed_at=clock.now(),
        **proposed,
    )
    if not differences(reading.latest_terms(partnership.id), change):
        raise NothingChanges
    with db.unique("uq_term_changes_open", TermChangeOpenAlready):
        db.session().add(change)
    if draft := reading.own_draft(actor, partnership.id):
        db.session().delete(draft)
    record(actor, "terms.proposed", change)
    return reading.term_change(actor, change.id)


def accept_terms(actor: Actor, change_id: UUID) -> ChangeSeen:
    """Agree to what the partner proposed: it is the next version, in force from its day on, never from before now.

    Raises PartnershipEnded, TermChangeAnswered, AnsweredByTheOther.
    """
    change, partnership = _to_answer(actor, change_id)
    settlement.settle(partnership.id)
    agreed = db.session().execute(select(func.step_agree_terms(change.id, clock.now()))).scalar_one()
    partnership.version += 1
    db.session().refresh(change)
    record(actor, "terms.agreed", change, version=agreed)
    return reading.term_change(actor, change_id)


def decline_terms(actor: Actor, change_id: UUID, given: Mapping[str, Any]) -> ChangeSeen:
    """Decline what the partner proposed, with a word both read. Raises as accepting does."""
    change, _partnership = _to_answer(actor, change_id)
    return _closed(actor, change, ChangeStatus.DECLINED, given.get("answer", ""))


def withdraw_terms(actor: Actor, change_id: UUID) -> ChangeSeen:
    """Take back what the actor's side proposed. Raises PartnershipEnded, TermChangeAnswered, AnsweredByTheOther."""
    change, _partnership = _to_answer(actor, change_id, by_proposer=True)
    return _closed(actor, change, ChangeStatus.WITHDRAWN, "")


def living(actor: Actor, partnership_id: UUID) -> Partnership:
    """Return a partnership of the actor's organization, locked. Raises NotFound, PartnershipEnded."""
    partnership = queries.partnership(actor, partnership_id, lock=True)
    if partnership.has_ended:
        raise PartnershipEnded
    return partnership


def _closed(actor: Actor, change: TermChange, status: ChangeStatus, answer: str) -> ChangeSeen:
    change.status, change.answer, change.answered_at = status, answer, clock.now()
    db.session().flush()
    record(actor, f"terms.{status.value}", change)
    return reading.term_change(actor, change.id)


def _to_answer(actor: Actor, change_id: UUID, *, by_proposer: bool = False) -> tuple[TermChange, Partnership]:
    partnership = living(actor, reading.term_change(actor, change_id).partnership_id)
    change = reading.term_change(actor, change_id).change
    if change.status is not ChangeStatus.OPEN:
        raise TermChangeAnswered
    if (change.organization_id == actor.organization_id) is not by_proposer:
        raise AnsweredByTheOther
    return change, partnership


def _proposed(actor: Actor, partnership: Partnership, given: Mapping[str, Any]) -> dict[str, Any]:
    latest = reading.latest_terms(partnership.id)
    if given["based_on"] != latest.version:
        raise TermsChangedMeanwhile(version=latest.version)
    terms = given["terms"]
    known = {name: {one.id for one in getattr(latest, name)} for name in SEVERAL}
    wrong = [*_wrong_day(given), *_wrong_people(actor, terms), *unsound(terms, known, partnership.sides())]
    if wrong:
        raise Invalid(wrong)
    single = {name: terms.get(name, getattr(latest, name)) for name in SINGLE}
    single["moderator_email"] = single["moderator_email"] and single["moderator_email"].lower()
    several = {
        name: [_KINDS[name](**{"id": new_id()} | one) for one in terms[name]]
        if name in terms
        else getattr(latest, name)
        for name in SEVERAL
    }
    if beyond := beyond_cap(several["split_templates"], single["overlay_cap_percent"]):
        raise Invalid(beyond)
    tiered = {"tiers": latest.tiers | terms.get("tiers", {})}
    why = {name: given.get(name) for name in ("based_on", "effective_on", "note")}
    return why | single | several | tiered


def _wrong_day(given: Mapping[str, Any]) -> list[FieldError]:
    begins = given.get("effective_on")
    late = begins is not None and begins < clock.now().date()
    return [FieldError("effective_on", "Terms change from today on, or later; never in the past.")] * late


def _wrong_people(actor: Actor, terms: Mapping[str, Any]) -> list[FieldError]:
    email = terms.get("moderator_email")
    own = email is not None and identity.has_user_with(actor, email.lower())
    return [FieldError("terms.moderator_email", "A moderator belongs to a third organization.")] * own
