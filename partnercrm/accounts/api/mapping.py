"""Account mapping, over the API: agreeing what is compared, and reading what epochs tell."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import mapping as actions
from partnercrm.accounts.errors import FreezeLifted, MappingAnswered, MappingNotAgreed
from partnercrm.accounts.models.mapping import Mapping
from partnercrm.accounts.queries import introducing, overlaps
from partnercrm.accounts.queries import mapping as queries
from partnercrm.accounts.queries.introducing import Introductions
from partnercrm.accounts.queries.mapping import Budget, FreezeSeen, Matrix
from partnercrm.accounts.schemas.mapping import (
    AgreeMapping,
    BudgetView,
    DisclosureView,
    EpochQuery,
    EpochView,
    FreezeView,
    IntroductionsView,
    MappingQuery,
    MappingView,
    MatrixView,
    OtherQuery,
    OverlapQuery,
    OverlapView,
    ProposeMapping,
)
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.errors import AnsweredByTheOther, PartnershipPaused
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("mapping", prefix="/api/v1", description="Which companies both sides have, as far as both agreed to tell.")

_ANSWERS = (MappingAnswered, AnsweredByTheOther)


@api.post(
    "/mappings",
    scope="partnerships:write",
    body=ProposeMapping,
    answers=MappingView,
    status=201,
    refuses=(PartnershipPaused,),
    rechecks=queries.mapping,
)
def propose_mapping(actor: Actor, given: dict[str, Any]) -> Mapping:
    """Propose to compare one of your populations with one of the partner's."""
    return actions.propose_mapping(actor, given)


@api.get("/mappings", scope="partnerships:read", answers=MappingView, query=MappingQuery, pages=True)
def list_mappings(actor: Actor, query: dict[str, Any]) -> Page:
    """List the mappings in the partnerships you are a member of."""
    return queries.mappings(actor, query)


@api.get("/mappings/<uuid:mapping_id>", scope="partnerships:read", answers=MappingView)
def read_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Read a mapping."""
    return queries.mapping(actor, mapping_id)


@api.post(
    "/mappings/<uuid:mapping_id>/agree",
    scope="partnerships:write",
    body=AgreeMapping,
    answers=MappingView,
    refuses=(*_ANSWERS, PartnershipPaused),
    rechecks=queries.mapping,
)
def agree_mapping(actor: Actor, mapping_id: UUID, given: dict[str, Any]) -> Mapping:
    """Agree to what the partner proposed, or to less."""
    return actions.agree_mapping(actor, mapping_id, given)


@api.post(
    "/mappings/<uuid:mapping_id>/decline",
    scope="partnerships:write",
    answers=MappingView,
    refuses=_ANSWERS,
    rechecks=queries.mapping,
)
def decline_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Decline a mapping that the partner proposed."""
    return actions.decline_mapping(actor, mapping_id)


@api.post(
    "/mappings/<uuid:mapping_id>/withdraw",
    scope="partnerships:write",
    answers=MappingView,
    refuses=_ANSWERS,
    rechecks=queries.mapping,
)
def withdraw_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Take back a mapping your side proposed."""
    return actions.withdraw_mapping(actor, mapping_id)


@api.post(
    "/mappings/<uuid:mapping_id>/stop",
    scope="partnerships:write",
    answers=MappingView,
    refuses=(MappingNotAgreed,),
    rechecks=queries.mapping,
)
def stop_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Stop a mapping: what it told, copies among it, is gone for both sides at once."""
    return actions.stop_mapping(actor, mapping_id)


@api.get(
    "/mappings/<uuid:mapping_id>/overlaps", scope="accounts:read", answers=OverlapView, query=OverlapQuery, pages=True
)
def list_overlaps(actor: Actor, mapping_id: UUID, query: dict[str, Any]) -> Page:
    """List the companies that both have, with your own accounts and what the partner disclosed of its own."""
    return overlaps.overlaps(actor, mapping_id, query)


@api.get(
    "/mappings/<uuid:mapping_id>/others", scope="accounts:read", answers=DisclosureView, query=OtherQuery, pages=True
)
def list_others(actor: Actor, mapping_id: UUID, query: dict[str, Any]) -> Page:
    """List what the partner alone has, where both agreed to tell of it."""
    return overlaps.others(actor, mapping_id, query)


@api.get("/accounts/<uuid:account_id>/partners", scope="accounts:read", answers=IntroductionsView)
def read_introductions(actor: Actor, account_id: UUID) -> Introductions:
    """Read which of your partners have an account too, and whom there to ask, as far as both agreed to tell."""
    return introducing.introductions(actor, account_id)


@api.get("/partnerships/<uuid:partnership_id>/matrix", scope="partnerships:read", answers=MatrixView)
def read_matrix(actor: Actor, partnership_id: UUID) -> Matrix:
    """Read what the last epoch tells of all that is agreed; both sides read the same bytes."""
    return queries.matrix(actor, partnership_id)


@api.get(
    "/partnerships/<uuid:partnership_id>/epochs",
    scope="partnerships:read",
    answers=EpochView,
    query=EpochQuery,
    pages=True,
)
def list_epochs(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List what was compared, when, and roughly how many accounts of either side were new to it."""
    return queries.epochs(actor, partnership_id, query)


@api.get("/partnerships/<uuid:partnership_id>/mapping-budget", scope="partnerships:read", answers=BudgetView)
def read_mapping_budget(actor: Actor, partnership_id: UUID) -> Budget:
    """Read how many changed lists of your own side may still be compared for counts."""
    return queries.budget(actor, partnership_id)


@api.post(
    "/mapping-freezes/<uuid:freeze_id>/lift",
    scope="partnerships:write",
    answers=FreezeView,
    refuses=(FreezeLifted,),
    rechecks=queries.freeze,
)
def lift_freeze(actor: Actor, freeze_id: UUID) -> FreezeSeen:
    """Lift a freeze for your side; once both sides have, the mapping goes on."""
    return actions.lift_freeze(actor, freeze_id)
