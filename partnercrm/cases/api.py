"""Cases' API: open, argue, decide, close; name a moderator; what the moderator reads and does."""

from typing import Any
from uuid import UUID

from partnercrm.cases import queries, schemas
from partnercrm.cases.actions import moderating, settling
from partnercrm.cases.errors import (
    CaseInOtherHands,
    CaseSettled,
    InvitationAnswered,
    ModeratorNamedAlready,
    ModeratorNotReady,
    ModeratorNotThird,
    NoSuchNaming,
    OutcomeChanged,
    StepNotYours,
)
from partnercrm.cases.lifecycle import CaseKind
from partnercrm.cases.models import Case, Moderation
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("cases", prefix="/api/v1", description="What two sides settle, alone or with a moderator both name.")


@api.post(
    "/cases",
    scope="cases:write",
    body=schemas.OpenCase,
    answers=schemas.CaseView,
    status=201,
    rechecks=queries.case,
)
def open_case(actor: Actor, given: dict[str, Any]) -> Case:
    """Open a case with the other side of a partnership; both read it, and you own it on your side."""
    return settling.open_case(actor, **given | {"kind": CaseKind(given["kind"])})


@api.get("/cases", scope="cases:read", answers=schemas.CaseView, query=schemas.CaseQuery, pages=True)
def list_cases(actor: Actor, query: dict[str, Any]) -> Page:
    """List the cases of the partnerships you are a member of."""
    return queries.cases(actor, query)


@api.get("/cases/<uuid:case_id>", scope="cases:read", answers=schemas.CaseView)
def read_case(actor: Actor, case_id: UUID) -> Case:
    """Read one case; both sides read the same."""
    return queries.case(actor, case_id)


@api.get(
    "/cases/<uuid:case_id>/entries",
    scope="cases:read",
    answers=schemas.EntryView,
    query=schemas.EntryQuery,
    pages=True,
)
def list_entries(actor: Actor, case_id: UUID, query: dict[str, Any]) -> Page:
    """List what was said and shown in one case, oldest first."""
    return queries.entries(actor, case_id, query)


@api.post(
    "/cases/<uuid:case_id>/statements",
    scope="cases:write",
    body=schemas.MakeStatement,
    answers=schemas.CaseView,
    refuses=(CaseSettled,),
    rechecks=queries.case,
)
def make_statement(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Say something to a case; both sides read it, and the moderator it is submitted to."""
    return settling.make_statement(actor, case_id, given)


@api.post(
    "/cases/<uuid:case_id>/evidence",
    scope="cases:write",
    body=schemas.AddEvidence,
    answers=schemas.CaseView,
    refuses=(CaseSettled,),
    rechecks=queries.case,
)
def add_evidence(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Copy into a case what you choose to show; it stays as you showed it."""
    return settling.add_evidence(actor, case_id, given)


@api.post(
    "/cases/<uuid:case_id>/propose",
    scope="cases:write",
    body=schemas.ProposeOutcome,
    answers=schemas.CaseView,
    refuses=(CaseSettled, CaseInOtherHands),
    rechecks=queries.case,
)
def propose_outcome(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Propose what a case comes to; the other side's owner agrees or proposes something else."""
    return settling.propose_outcome(actor, case_id, given)


@api.post(
    "/cases/<uuid:case_id>/agree",
    scope="cases:write",
    body=schemas.AgreeOutcome,
    answers=schemas.CaseView,
    refuses=(CaseSettled, StepNotYours, CaseInOtherHands, OutcomeChanged),
    rechecks=queries.case,
)
def agree_outcome(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Agree to the outcome the other side proposes; the case is decided."""
    return settling.agree_outcome(actor, case_id, given)


@api.post(
    "/cases/<uuid:case_id>/withdraw",
    scope="cases:write",
    answers=schemas.CaseView,
    refuses=(CaseSettled, StepNotYours, CaseInOtherHands),
    rechecks=queries.case,
)
def withdraw_case(actor: Actor, case_id: UUID) -> Case:
    """Take back a case your side opened, before it is decided."""
    return settling.withdraw_case(actor, case_id)


@api.post(
    "/cases/<uuid:case_id>/close",
    scope="cases:write",
    answers=schemas.CaseView,
    refuses=(CaseSettled, StepNotYours, CaseInOtherHands),
    rechecks=queries.case,
)
def close_case(actor: Actor, case_id: UUID) -> Case:
    """Close a decided case; its moderator reads nothing of it from now on."""
    return settling.close_case(actor, case_id)


@api.post(
    "/cases/<uuid:case_id>/hand-over",
    scope="cases:write",
    body=schemas.HandOverCase,
    answers=schemas.CaseView,
    refuses=(CaseSettled, CaseInOtherHands),
    rechecks=queries.case,
)
def hand_over_case(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Make another member of your side the owner of the case."""
    return settling.hand_over_case(actor, case_id, given)


@api.post(
    "/cases/<uuid:case_id>/moderator",
    scope="cases:write",
    body=schemas.NameModerator,
    answers=schemas.CaseView,
    refuses=(CaseSettled, ModeratorNamedAlready),
    rechecks=queries.case,
)
def name_moderator(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Name somebody of a third organization as moderator; the answer is the same whether the address is known."""
    return moderating.name_moderator(actor, case_id, given)


@api.post(
    "/cases/<uuid:case_id>/moderator/confirm",
    scope="cases:write",
    answers=schemas.CaseView,
    refuses=(CaseSettled, NoSuchNaming, ModeratorNotThird),
    rechecks=queries.case,
)
def confirm_moderator(actor: Actor, case_id: UUID) -> Case:
    """Agree to the moderator whom the other side named; the named person is asked."""
    return moderating.confirm_moderator(actor, case_id)


@api.post(
    "/cases/<uuid:case_id>/moderator/drop",
    scope="cases:write",
    answers=schemas.CaseView,
    refuses=(ModeratorNotReady,),
    rechecks=queries.case,
)
def drop_moderator(actor: Actor, case_id: UUID) -> Case:
    """Take the naming back before the case is submitted; another can be named."""
    return moderating.drop_moderator(actor, case_id)


@api.post(
    "/cases/<uuid:case_id>/submit",
    scope="cases:write",
    answers=schemas.CaseView,
    refuses=(CaseSettled, ModeratorNotReady),
    rechecks=queries.case,
)
def submit_case(actor: Actor, case_id: UUID) -> Case:
    """Submit the case to the moderator who accepted; they read its file until it is closed."""
    return moderating.submit_case(actor, case_id)


@api.get("/moderations", scope="cases:read", answers=schemas.ModerationView, query=schemas.ModerationQuery, pages=True)
def list_moderations(actor: Actor, query: dict[str, Any]) -> Page:
    """List the cases you are asked to moderate."""
    return queries.moderations(actor, query)


@api.get("/moderations/<uuid:moderation_id>", scope="cases:read", answers=schemas.ModerationView)
def read_moderation(actor: Actor, moderation_id: UUID) -> Moderation:
    """Read one invitation to moderate."""
    return queries.moderation(actor, moderation_id)


@api.post(
    "/moderations/<uuid:moderation_id>/accept",
    scope="cases:write",
    body=schemas.AcceptModeration,
    answers=schemas.ModerationView,
    refuses=(InvitationAnswered,),
    rechecks=queries.moderation,
)
def accept_moderation(actor: Actor, moderation_id: UUID, given: dict[str, Any]) -> Moderation:
    """Accept to moderate, and declare to both sides what ties you have to either."""
    return moderating.accept_moderation(actor, moderation_id, given)


@api.post("/moderations/<uuid:moderation_id>/decline", scope="cases:write", status=204, refuses=(InvitationAnswered,))
def decline_moderation(actor: Actor, moderation_id: UUID) -> None:
    """Decline to moderate; both sides see that, and no reason."""
    moderating.decline_moderation(actor, moderation_id)


@api.get("/case-files/<uuid:case_id>", scope="cases:read", answers=schemas.FileView)
def read_file(actor: Actor, case_id: UUID) -> Case:
    """Read a case submitted to you as its moderator, until it is closed."""
    return queries.file(actor, case_id)


@api.get(
    "/case-files/<uuid:case_id>/entries",
    scope="cases:read",
    answers=schemas.EntryView,
    query=schemas.EntryQuery,
    pages=True,
)
def list_file_entries(actor: Actor, case_id: UUID, query: dict[str, Any]) -> Page:
    """List what was said and shown in a case submitted to you, oldest first."""
    return queries.file_entries(actor, case_id, query)


@api.post(
    "/case-files/<uuid:case_id>/ask",
    scope="cases:write",
    body=schemas.MakeStatement,
    answers=schemas.FileView,
    refuses=(CaseSettled,),
    rechecks=queries.file,
)
def ask_sides(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Ask or tell both sides something, as the case's moderator."""
    return moderating.ask_sides(actor, case_id, given)


@api.post(
    "/case-files/<uuid:case_id>/decide",
    scope="cases:write",
    body=schemas.ProposeOutcome,
    answers=schemas.FileView,
    refuses=(CaseSettled, StepNotYours),
    rechecks=queries.file,
)
def decide_case(actor: Actor, case_id: UUID, given: dict[str, Any]) -> Case:
    """Decide the case as its moderator."""
    return moderating.decide_case(actor, case_id, given)
