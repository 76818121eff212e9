"""What follows later from a case, on each side and at its moderator's by their own hand."""

from collections.abc import Callable
from uuid import UUID

from partnercrm.cases.actions import announcing, arising, moderating, watching
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job


@job("cases.take_effect")
def take_effect(organization_id: str, case_id: str) -> None:
    """Let follow, in the opener's organization, what follows from a moderator's decision."""
    _run(moderating.take_effect, organization_id, case_id)


@job("cases.take_on")
def take_on(organization_id: str, case_id: str) -> None:
    """Name who owns, on one side, a case that the record opened."""
    _run(arising.take_on, organization_id, case_id)


@job("cases.remind_of_due")
def remind_of_due(organization_id: str, case_id: str) -> None:
    """Tell one side that a case is due."""
    _run(watching.remind_of_due, organization_id, case_id)


@job("cases.close_decided")
def close_decided(organization_id: str, case_id: str) -> None:
    """Close a case some time after its decision."""
    _run(watching.close_decided, organization_id, case_id)


@job("cases.announce_invitation")
def announce_invitation(organization_id: str, naming_id: str) -> None:
    """Find whom both sides asked to moderate, and let them be told."""
    _run(announcing.announce_invitation, organization_id, naming_id)


@job("cases.tell_of_invitation")
def tell_of_invitation(organization_id: str, moderation_id: str) -> None:
    """Tell somebody that they are asked to moderate."""
    _run(announcing.tell_of_invitation, organization_id, moderation_id)


@job("cases.tell_of_submission")
def tell_of_submission(organization_id: str, case_id: str) -> None:
    """Tell a moderator that a case lies with them."""
    _run(announcing.tell_of_submission, organization_id, case_id)


@job("cases.tell_of_answer")
def tell_of_answer(organization_id: str, case_id: str, event_id: str) -> None:
    """Tell one side that whom it asked to moderate has answered."""
    _tell(organization_id, case_id, "case.moderator_answered", event_id)


@job("cases.tell_of_question")
def tell_of_question(organization_id: str, case_id: str, event_id: str) -> None:
    """Tell one side that the moderator asks something."""
    _tell(organization_id, case_id, "case.asked", event_id)


@job("cases.tell_of_follower")
def tell_of_follower(organization_id: str, case_id: str, event_id: str) -> None:
    """Tell one side that somebody else moderates its case from now on."""
    _tell(organization_id, case_id, "case.moderator_followed", event_id)


def _run(act: Callable[[Actor, UUID], None], organization_id: str, thing_id: str) -> None:
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        act(actor, UUID(thing_id))


def _tell(organization_id: str, case_id: str, verb: str, event_id: str) -> None:
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        announcing.tell_side(actor, UUID(case_id), verb, UUID(event_id))
