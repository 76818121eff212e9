"""Saying of a candidate that it may be told, or never again; nothing of it reaches the other side by itself."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from partnercrm.accounts.candidates import Answer, Asked, to_ask
from partnercrm.accounts.errors import CandidateAnswered
from partnercrm.accounts.matching import Pair
from partnercrm.accounts.queries import candidates as queries
from partnercrm.accounts.queries.candidates import CandidateSeen
from partnercrm.accounts.reasons import score
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import random_id
from partnercrm.partnerships import queries as partnerships


def confirm_candidate(actor: Actor, candidate_id: UUID) -> CandidateSeen:
    """Say that both sides may read it of each other; told in the next epoch if the other side says so as well.

    Raises NotFound, CandidateAnswered.
    """
    return _answered(actor, candidate_id, Answer.CONFIRMED)


def reject_candidate(actor: Actor, candidate_id: UUID) -> CandidateSeen:
    """Say that it is another company; neither side is asked about these two again.

    Raises NotFound, CandidateAnswered.
    """
    return _answered(actor, candidate_id, Answer.REJECTED)


def suggest(partnership_id: UUID, pairs: Iterable[Pair], asked: Sequence[Asked], settled: Iterable[UUID]) -> None:
    """Tell both sides of the pairs they are asked about from now on, as the worker; all others close for both."""
    known = {(one.first, one.second): one.id for one in asked}
    chosen = to_ask(pairs, asked, frozenset(settled))
    told: tuple[tuple[Any, list[Any]], ...] = (
        (Uuid(), [known.get((pair.left, pair.right)) or random_id() for pair in chosen]),
        (Uuid(), [pair.left for pair in chosen]),
        (Uuid(), [pair.right for pair in chosen]),
        (BigInteger(), [score(pair.reasons) for pair in chosen]),
    )
    columns = (cast(values, ARRAY(kind)) for kind, values in told)
    db.session().execute(select(func.matcher_suggest(partnership_id, clock.now(), *columns)))


def _answered(actor: Actor, candidate_id: UUID, answer: Answer) -> CandidateSeen:
    found = queries.candidate(actor, candidate_id)
    partnerships.held_partnership(actor, found.partnership_id)
    seen = queries.candidate(actor, candidate_id, lock=True)
    if seen.candidate.answer is not None:
        raise CandidateAnswered
    seen.candidate.answer, seen.candidate.answered_at = answer, clock.now()
    db.session().flush()
    record(actor, f"candidate.{answer.value}", seen.account)
    return seen
