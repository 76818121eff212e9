"""Value propositions over the API: what both sides say to customers, and checking what one knows of it."""

from typing import Any
from uuid import UUID

from partnercrm.enablement.actions import proposing
from partnercrm.enablement.errors import PropositionAnswered, PropositionNotAgreed, PropositionWaits
from partnercrm.enablement.models.propositions import PropositionCheck, ValueProposition
from partnercrm.enablement.queries import propositions
from partnercrm.enablement.schemas.propositions import (
    CheckProposition,
    CheckView,
    ProposeProposition,
    PropositionQuery,
    PropositionView,
)
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.errors import AnsweredByTheOther
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("propositions", prefix="/api/v1", description="What both sides say to their customers.")


@api.post(
    "/partnerships/<uuid:partnership_id>/value-propositions",
    scope="enablement:all",
    body=ProposeProposition,
    answers=PropositionView,
    status=201,
    refuses=(PropositionWaits,),
    rechecks=propositions.proposition,
)
def propose_value_proposition(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> ValueProposition:
    """Propose what both sides say to customers, in a language, to an industry or to any."""
    return proposing.propose_proposition(actor, partnership_id, given)


@api.get("/value-propositions", scope="enablement:read", answers=PropositionView, query=PropositionQuery, pages=True)
def list_value_propositions(actor: Actor, query: dict[str, Any]) -> Page:
    """List what both sides say; members of a partnership also what is proposed in it."""
    return propositions.propositions(actor, query)


@api.get("/value-propositions/<uuid:proposition_id>", scope="enablement:read", answers=PropositionView)
def read_value_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Read one version."""
    return propositions.proposition(actor, proposition_id)


@api.post(
    "/value-propositions/<uuid:proposition_id>/agree",
    scope="enablement:all",
    answers=PropositionView,
    refuses=(PropositionAnswered, AnsweredByTheOther),
    rechecks=propositions.proposition,
)
def agree_value_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Agree with what the other side proposed: it is the next version, and both say it from now on."""
    return proposing.agree_proposition(actor, proposition_id)


@api.post(
    "/value-propositions/<uuid:proposition_id>/decline",
    scope="enablement:all",
    answers=PropositionView,
    refuses=(PropositionAnswered, AnsweredByTheOther),
    rechecks=propositions.proposition,
)
def decline_value_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Decline what the other side proposed."""
    return proposing.decline_proposition(actor, proposition_id)


@api.post(
    "/value-propositions/<uuid:proposition_id>/withdraw",
    scope="enablement:all",
    answers=PropositionView,
    refuses=(PropositionAnswered, AnsweredByTheOther),
    rechecks=propositions.proposition,
)
def withdraw_value_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Take back what your side proposed."""
    return proposing.withdraw_proposition(actor, proposition_id)


@api.post(
    "/value-propositions/<uuid:proposition_id>/check",
    scope="enablement:write",
    body=CheckProposition,
    answers=CheckView,
    refuses=(PropositionNotAgreed,),
    rechecks=propositions.proposition,
)
def check_value_proposition(actor: Actor, proposition_id: UUID, given: dict[str, Any]) -> PropositionCheck:
    """Acknowledge what both say, with the answer to its question; only you read whether it was right."""
    return proposing.check_proposition(actor, proposition_id, given)
