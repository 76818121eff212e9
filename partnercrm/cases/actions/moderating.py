"""Naming a moderator whom both sides ask, submitting a case, and what the moderator does with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from partnercrm.activity.actions import record
from partnercrm.cases import lifecycle, queries
from partnercrm.cases.actions.settling import add_entry, announce_decision, touch, write_decision
from partnercrm.cases.errors import (
    InvitationAnswered,
    ModeratorNamedAlready,
    ModeratorNotReady,
    ModeratorNotThird,
    NoSuchNaming,
)
from partnercrm.cases.lifecycle import CaseStatus, DecidedBy, Party
from partnercrm.cases.models import Case, EntryKind, Moderation, ModeratorNaming, NamingStatus
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import new_id


def name_moderator(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Name somebody of a third organization as the case's moderator; the other side confirms.

    Whom the terms name both sides agreed on: they are asked at once. The answer is the same whether the address is
    known. Raises ModeratorNamedAlready, CaseSettled, Invalid.
    """
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_live(found.status)
    address = given["address"].lower()
    if _is_ours(actor, address):
        raise Invalid.field("address", ModeratorNotThird.title)
    naming = ModeratorNaming(
        id=new_id(),
        case_id=found.id,
        partnership_id=found.partnership_id,
        first_organization_id=found.first_organization_id,
        second_organization_id=found.second_organization_id,
        address=address,
        named_by_id=actor.organization_id,
        status=NamingStatus.NAMED,
        named_at=clock.now(),
    )
    with db.unique("uq_case_moderators_standing", ModeratorNamedAlready):
        db.session().add(naming)
    _invite(actor, naming)
    return _changed(actor, found, "case.moderator_named")


def confirm_moderator(actor: Actor, case_id: UUID) -> Case:
    """Agree to the moderator whom the other side named; the named person is asked.

    Raises NoSuchNaming, ModeratorNotThird, CaseSettled.
    """
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_live(found.status)
    naming = queries.naming_to_step(found)
    if naming is None or naming.status is not NamingStatus.NAMED or naming.named_by_id == actor.organization_id:
        raise NoSuchNaming
    if _is_ours(actor, naming.address):
        raise ModeratorNotThird
    _invite(actor, naming)
    return _changed(actor, found, "case.moderator_confirmed")


def drop_moderator(actor: Actor, case_id: UUID) -> Case:
    """Take the naming back before the case is submitted; another can be named. Raises ModeratorNotReady."""
    found = queries.case_to_step(actor, case_id)
    naming = queries.naming_to_step(found)
    if naming is None or not _step(func.step_drop_moderator(naming.id, clock.now())):
        raise ModeratorNotReady
    return _changed(actor, found, "case.moderator_dropped")


def submit_case(actor: Actor, case_id: UUID) -> Case:
    """Submit the case to the moderator who accepted: they read its file until it is closed.

    Raises ModeratorNotReady, CaseSettled.
    """
    found = queries.case_to_step(actor, case_id)
    lifecycle.require_live(found.status)
    add_entry(actor, found, EntryKind.SUBMISSION)
    if not _step(func.step_submit_case(found.id, clock.now())):
        raise ModeratorNotReady
    record(actor, "case.submitted", found)
    submitted = queries.case(actor, found.id)
    jobs.defer("cases.tell_of_submission", submitted.submitted_to_id, case_id=found.id)
    return submitted


def accept_moderation(actor: Actor, moderation_id: UUID, given: Mapping[str, Any]) -> Moderation:
    """Accept to moderate, declaring to both sides what ties there are to either. Raises InvitationAnswered."""
    asked = queries.moderation(actor, moderation_id)
    _answer(actor, asked, given["declares"])
    record(actor, "moderation.accepted", asked)
    return queries.moderation(actor, asked.id)


def decline_moderation(actor: Actor, moderation_id: UUID) -> None:
    """Decline to moderate; both sides see that, and no reason. Raises InvitationAnswered."""
    asked = queries.moderation(actor, moderation_id)
    _answer(actor, asked, None)
    record(actor, "moderation.declined", asked)


def ask_sides(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Ask or tell both sides something, as the case's moderator. Raises CaseSettled."""
    found = queries.file(actor, case_id, lock=True)
    lifecycle.require_live(found.status)
    asked = add_entry(actor, found, EntryKind.QUESTION, given["text"])
    for side in found.sides():
        jobs.defer("cases.tell_of_question", side, case_id=found.id, event_id=asked.id)
    found.status = lifecycle.after_words_of(found.status, Party.MODERATOR)
    touch(found)
    record(actor, "moderation.asked", queries.moderation_of(actor, found))
    return queries.file(actor, found.id)


def decide_case(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Case:
    """Decide the case as its moderator; what follows from it is done in the opener's name. Raises CaseSettled."""
    found = queries.file(actor, case_id, lock=True)
    lifecycle.require_step(found.status, CaseStatus.DECIDED, Party.MODERATOR)
    write_decision(actor, found, DecidedBy.MODERATOR, **{"next_step": None} | dict(given))
    jobs.defer("cases.take_effect", found.opener_id, case_id=found.id)
    record(actor, "moderation.decided", queries.moderation_of(actor, found))
    return queries.file(actor, found.id)


def take_effect(actor: Actor, case_id: UUID) -> None:
    """Let follow, in the opener's organization, what follows from a moderator's decision."""
    found = queries.case_here(actor, case_id)
    if found is not None and found.decided_by is DecidedBy.MODERATOR:
        announce_decision(actor, found)


def _invite(actor: Actor, naming: ModeratorNaming) -> None:
    """Ask whom both sides named, now or in their terms; nobody learns here whether the address is known."""
    if _step(func.step_invite_moderator(naming.id, clock.now())):
        jobs.defer("cases.announce_invitation", actor.organization_id, naming_id=naming.id)


def _answer(actor: Actor, asked: Moderation, declares: str | None) -> None:
    """Accept with a declaration or decline without one, and let both sides be told. Raises InvitationAnswered."""
    accepts = declares is not None
    step = func.step_answer_moderation(asked.id, actor.user_id, accepts, declares, clock.now(), type_=ARRAY(Uuid))
    sides = db.session().execute(select(step)).scalar_one()
    if sides is None:
        raise InvitationAnswered
    for side in sides:
        jobs.defer("cases.tell_of_answer", side, case_id=asked.case_id, event_id=asked.id)


def _is_ours(actor: Actor, address: str) -> bool:
    """Tell whether the address is one of the actor's own people's; whether it is known elsewhere plays no part."""
    return identity.has_user_with(actor, address)


def _changed(actor: Actor, about: Case, verb: str) -> Case:
    touch(about)
    record(actor, verb, about)
    return queries.case(actor, about.id)


def _step(step: Any) -> bool:
    return bool(db.session().execute(select(step)).scalar_one())
