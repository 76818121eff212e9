"""Telling whom a case waits for: each organization's people by its own hand, a moderator without any customer."""

from uuid import UUID

from sqlalchemy import func, select

from partnercrm.cases import queries
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.notices.actions import telling
from partnercrm.partnerships import queries as partnerships


def announce_invitation(actor: Actor, naming_id: UUID) -> None:
    """Let the organization of whom both sides named tell its person, if the address is anybody's; from the worker."""
    reached = select("*").select_from(func.step_moderation_addressee(naming_id))
    for organization_id, moderation_id in db.session().execute(reached):
        jobs.defer("cases.tell_of_invitation", organization_id, moderation_id=moderation_id)


def reach_moderator(actor: Actor, verb: str, person: User, activity_id: UUID) -> None:
    """Let who now has an account be asked to moderate what their address was named for, and be told.

    The sides' own rows stay as they are: they tell neither whether nor when an address became known.
    """
    reached = select(func.step_reach_moderations(person.id, clock.now()))
    for moderation_id in db.session().scalars(reached):
        jobs.defer("cases.tell_of_invitation", actor.organization_id, moderation_id=moderation_id)


def tell_of_invitation(actor: Actor, moderation_id: UUID) -> None:
    """Tell the person who is asked to moderate, unless the naming was taken back meanwhile."""
    asked = queries.moderation_here(actor, moderation_id)
    if asked is not None and asked.user_id is not None:
        telling.tell(actor, [asked.user_id], "moderation.invited", asked.id)


def tell_of_submission(actor: Actor, case_id: UUID) -> None:
    """Tell the moderator that a case lies with them."""
    asked = queries.moderation_of_case(actor, case_id)
    if asked is not None and asked.user_id is not None:
        telling.tell(actor, [asked.user_id], "moderation.submitted", case_id)


def tell_side(actor: Actor, case_id: UUID, verb: str, event_id: UUID) -> None:
    """Tell those who settle a case on the actor's side what its moderator did; once for each event."""
    about = queries.case_here(actor, case_id)
    if about is None:
        return
    telling.tell(
        actor,
        queries.those_who_settle(actor, about),
        verb,
        about.id,
        event_id=event_id,
        partnership_id=about.partnership_id,
        facts={"partner": partnerships.partner_name(actor, about.partnership_id)},
    )
