"""The terms' API: versions, drafts, changes proposed and answered."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.actions import terms as actions
from partnercrm.partnerships.api.door import api
from partnercrm.partnerships.errors import (
    AnsweredByTheOther,
    NothingChanges,
    PartnershipEnded,
    TermChangeAnswered,
    TermChangeOpenAlready,
    TermsChangedMeanwhile,
)
from partnercrm.partnerships.models import TermDraft
from partnercrm.partnerships.queries import terms as queries
from partnercrm.partnerships.queries.terms import ChangeSeen
from partnercrm.partnerships.schemas.terms import (
    AnswerTerms,
    ProposeTerms,
    TermChangeQuery,
    TermChangeView,
    TermDraftView,
    TermsQuery,
    TermsVersionView,
)
from partnercrm.web.paging import Page

_ANSWERS = (PartnershipEnded, TermChangeAnswered, AnsweredByTheOther)


@api.get(
    "/partnerships/<uuid:partnership_id>/terms",
    scope="partnerships:read",
    answers=TermsVersionView,
    query=TermsQuery,
    pages=True,
)
def list_terms(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List the versions of the terms, each with what it changed, by whose proposal and since when."""
    return queries.versions(actor, partnership_id, query)


@api.get(
    "/partnerships/<uuid:partnership_id>/term-changes",
    scope="partnerships:read",
    answers=TermChangeView,
    query=TermChangeQuery,
    pages=True,
)
def list_term_changes(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List the changes of the terms that either side proposed."""
    return queries.term_changes(actor, partnership_id, query)


@api.post(
    "/partnerships/<uuid:partnership_id>/term-changes",
    scope="partnerships:write",
    body=ProposeTerms,
    answers=TermChangeView,
    status=201,
    refuses=(PartnershipEnded, TermsChangedMeanwhile, TermChangeOpenAlready, NothingChanges),
    rechecks=queries.term_change,
)
def propose_terms(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> ChangeSeen:
    """Propose other terms; they hold once the other side accepts, from the day named."""
    return actions.propose_terms(actor, partnership_id, given)


@api.get("/term-changes/<uuid:change_id>", scope="partnerships:read", answers=TermChangeView)
def read_term_change(actor: Actor, change_id: UUID) -> ChangeSeen:
    """Read a change of the terms and what it changes, field by field."""
    return queries.term_change(actor, change_id)


@api.post(
    "/term-changes/<uuid:change_id>/accept",
    scope="partnerships:write",
    answers=TermChangeView,
    refuses=_ANSWERS,
    rechecks=queries.term_change,
)
def accept_terms(actor: Actor, change_id: UUID) -> ChangeSeen:
    """Agree to the terms the other side proposed; they are the next version and cannot be changed any more."""
    return actions.accept_terms(actor, change_id)


@api.post(
    "/term-changes/<uuid:change_id>/decline",
    scope="partnerships:write",
    body=AnswerTerms,
    answers=TermChangeView,
    refuses=_ANSWERS,
    rechecks=queries.term_change,
)
def decline_terms(actor: Actor, change_id: UUID, given: dict[str, Any]) -> ChangeSeen:
    """Decline the terms the other side proposed, with a word both read."""
    return actions.decline_terms(actor, change_id, given)


@api.post(
    "/term-changes/<uuid:change_id>/withdraw",
    scope="partnerships:write",
    answers=TermChangeView,
    refuses=_ANSWERS,
    rechecks=queries.term_change,
)
def withdraw_terms(actor: Actor, change_id: UUID) -> ChangeSeen:
    """Take back a change your side proposed."""
    return actions.withdraw_terms(actor, change_id)


@api.get("/partnerships/<uuid:partnership_id>/term-draft", scope="partnerships:write", answers=TermDraftView)
def read_term_draft(actor: Actor, partnership_id: UUID) -> TermDraft:
    """Read what your side means to propose; the other side sees nothing of it."""
    return queries.term_draft(actor, partnership_id)


@api.put(
    "/partnerships/<uuid:partnership_id>/term-draft",
    scope="partnerships:write",
    body=ProposeTerms,
    answers=TermDraftView,
    refuses=(PartnershipEnded, TermsChangedMeanwhile),
    rechecks=queries.term_draft_by_id,
    replaces=True,
)
def keep_term_draft(actor: Actor, partnership_id: UUID, given: dict[str, Any], expected: str | None) -> TermDraft:
    """Keep what your side means to propose, instead of what was kept before."""
    return actions.keep_term_draft(actor, partnership_id, given, expected)


@api.post("/partnerships/<uuid:partnership_id>/term-draft/discard", scope="partnerships:write", status=204)
def discard_term_draft(actor: Actor, partnership_id: UUID) -> None:
    """Throw your side's draft away."""
    actions.discard_term_draft(actor, partnership_id)
