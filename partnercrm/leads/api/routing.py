"""Routing of received leads, over the API: your own organization's, never the giver's to see."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import passing, routing
from partnercrm.leads.errors import StepNotPossible
from partnercrm.leads.models.routing import RoutingPlan
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries import routing as known
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.routing import AssignmentSeen, Trial
from partnercrm.leads.schemas.exchanging import OfferView
from partnercrm.leads.schemas.routing import (
    AssignLead,
    AssignmentView,
    HandOverLead,
    RoutingView,
    SetRouting,
    TrialQuery,
    TrialView,
)
from partnercrm.web.endpoint import Door

api = Door("routing", prefix="/api/v1", description="Who of your side is asked first about received leads.")


@api.get("/routing", scope="partnerships:write", answers=RoutingView)
def read_routing(actor: Actor) -> RoutingPlan | dict[str, Any]:
    """Read the rules by which received leads find who is asked first."""
    return known.plan(actor) or {"rules": [], "changed_at": None}


@api.put(
    "/routing", scope="partnerships:write", body=SetRouting, answers=RoutingView, rechecks=known.plan_of, replaces=True
)
def set_routing(actor: Actor, given: dict[str, Any], expected: str | None) -> RoutingPlan:
    """Replace the rules; leads that wait keep who is asked first."""
    return routing.set_routing(actor, given, expected)


@api.get("/routing/trial", scope="partnerships:write", query=TrialQuery, answers=TrialView)
def try_routing(actor: Actor, query: dict[str, Any]) -> Trial:
    """See what would become of a lead now: which rules fit, who is passed over and why. Nothing is changed."""
    return known.trial_of(actor, query)


@api.get("/offers/<uuid:offer_id>/assignment", scope="leads:read", answers=AssignmentView)
def read_assignment(actor: Actor, offer_id: UUID) -> AssignmentSeen:
    """Read who of your side is asked first about a lead that waits for your answer."""
    return known.assignment(actor, offer_id)


@api.post(
    "/offers/<uuid:offer_id>/assign",
    scope="leads:write",
    body=AssignLead,
    answers=AssignmentView,
    refuses=(StepNotPossible,),
    rechecks=known.assignment,
)
def assign_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> AssignmentSeen:
    """Hand a lead that waits for your side's answer to a colleague; anybody of your side may still answer it."""
    return routing.assign_lead(actor, offer_id, given)


@api.post(
    "/offers/<uuid:offer_id>/hand-over",
    scope="leads:write",
    body=HandOverLead,
    answers=OfferView,
    refuses=(StepNotPossible,),
    rechecks=exchange.offer,
)
def hand_over_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Let a colleague work on a lead that your side gave or took, from now on; both sides see who it is."""
    return passing.hand_over_lead(actor, offer_id, given)
