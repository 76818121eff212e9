"""Telling people of proposals: whom one reached, at once or with their account, and its proposer; and of a partner."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.identity.models import User
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.notices.actions import telling
from partnercrm.partnerships import queries
from partnercrm.partnerships.models import ReceivedStatus


def announce_proposal(actor: Actor, proposal_id: UUID) -> None:
    """Let the organization that a proposal of the actor's reached tell its people; from the worker alone."""
    reached = select("*").select_from(func.step_proposal_addressee(proposal_id))
    for organization_id, received_id in db.session().execute(reached):
        jobs.defer("partnerships.tell_of_proposal", organization_id, received_id=received_id)


def reach_addressee(actor: Actor, verb: str, person: User, activity_id: UUID) -> None:
    """Let what was proposed to the address of a person who now has an account reach their organization and be told.

    The proposer's own rows stay as they are: they tell neither whether nor when an address became known.
    """
    reached = select(func.step_reach_proposals(person.id, clock.now()))
    for received_id in db.session().scalars(reached):
        jobs.defer("partnerships.tell_of_proposal", actor.organization_id, received_id=received_id)


def tell_of_proposal(actor: Actor, received_id: UUID) -> None:
    """Tell those who may answer that a partnership was proposed, unless it was answered or withdrawn meanwhile."""
    received = queries.received_proposal(actor, received_id)
    if received.status is ReceivedStatus.OPEN:
        facts = {"partner": received.proposer_name}
        telling.tell(actor, queries.those_who_manage(actor), "proposal.received", received.id, facts=facts)


def tell_of_decline(actor: Actor, proposal_id: UUID) -> None:
    """Tell the proposer's people that a proposal was declined."""
    telling.tell(actor, queries.those_who_manage(actor), "proposal.declined", queries.proposal(actor, proposal_id).id)


def tell_of_partner(
    actor: Actor,
    people: Iterable[UUID],
    kind: str,
    subject_id: UUID,
    *,
    partnership_id: UUID,
    event_id: UUID | None = None,
) -> None:
    """Tell members of the actor's side something about a partnership, whose partner is named; once each per event."""
    facts = {"partner": queries.partner_name(actor, partnership_id)}
    telling.tell(actor, people, kind, subject_id, event_id=event_id, partnership_id=partnership_id, facts=facts)
