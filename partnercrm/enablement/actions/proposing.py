"""Agreeing on what to say to customers: proposed by one side, agreed to by the other; each seller checks themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.enablement.errors import PropositionAnswered, PropositionNotAgreed, PropositionWaits
from partnercrm.enablement.models.propositions import PropositionCheck, ValueProposition
from partnercrm.enablement.propositions import PropositionStatus
from partnercrm.enablement.queries import propositions as queries
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import AnsweredByTheOther


def propose_proposition(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> ValueProposition:
    """Propose three sentences for a language and an industry. Raises NotFound, PropositionWaits, Invalid."""
    partnership = partnerships.held_partnership(actor, partnership_id)
    if given["right_answer"] >= len(given["answers"]):
        raise Invalid.field("right_answer", "Name the place of one of the answers, from 0.")
    proposed = ValueProposition(
        id=new_id(),
        partnership_id=partnership.id,
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        status=PropositionStatus.PROPOSED,
        proposed_at=clock.now(),
        **{name: given[name] for name in ("locale", "industry", "sentences", "question", "answers", "right_answer")},
    )
    with db.unique("uq_value_propositions_open", PropositionWaits):
        db.session().add(proposed)
    record(actor, "value_proposition.proposed", proposed)
    return proposed


def agree_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Agree with what the other side proposed: from now on both say it. Raises NotFound, PropositionAnswered."""
    found = _to_answer(actor, proposition_id)
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"propositions/{found.partnership_id}", 0))
    db.session().execute(select(lock))
    found.version = queries.next_version(found)
    return _answered(actor, found, PropositionStatus.AGREED)


def decline_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Decline what the other side proposed. Raises NotFound, PropositionAnswered, AnsweredByTheOther."""
    return _answered(actor, _to_answer(actor, proposition_id), PropositionStatus.DECLINED)


def withdraw_proposition(actor: Actor, proposition_id: UUID) -> ValueProposition:
    """Take back what the actor's side proposed. Raises NotFound, PropositionAnswered, AnsweredByTheOther."""
    return _answered(actor, _to_answer(actor, proposition_id, by_proposer=True), PropositionStatus.WITHDRAWN)


def check_proposition(actor: Actor, proposition_id: UUID, given: Mapping[str, Any]) -> PropositionCheck:
    """Acknowledge what both say, and answer its question. Raises NotFound, PropositionNotAgreed."""
    found = queries.proposition(actor, proposition_id)
    if found.status is not PropositionStatus.AGREED:
        raise PropositionNotAgreed
    checked = PropositionCheck(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=found.partnership_id,
        proposition_id=found.id,
        user_id=identity.oneself(actor).id,
        is_right=given["answer"] == found.right_answer,
        answered_at=clock.now(),
    )
    db.session().add(checked)
    db.session().flush()
    return checked


def _to_answer(actor: Actor, proposition_id: UUID, *, by_proposer: bool = False) -> ValueProposition:
    seen = queries.proposition(actor, proposition_id)
    partnerships.held_partnership(actor, seen.partnership_id)
    found = queries.proposition(actor, proposition_id, lock=True)
    if found.status is not PropositionStatus.PROPOSED:
        raise PropositionAnswered
    if (found.organization_id == actor.organization_id) is not by_proposer:
        raise AnsweredByTheOther
    return found


def _answered(actor: Actor, found: ValueProposition, status: PropositionStatus) -> ValueProposition:
    found.status, found.answered_at = status, clock.now()
    db.session().flush()
    record(actor, f"value_proposition.{status.value}", found)
    return found
