"""What one lead is worth, told exactly by both sides' consent, over the API."""

from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import valuing
from partnercrm.leads.errors import ValueAgreedAlready, ValueNotAgreed, ValueNotToTell
from partnercrm.leads.queries import values
from partnercrm.leads.queries.values import ValuesSeen
from partnercrm.leads.schemas.valuing import ValuesView
from partnercrm.web.endpoint import Door

api = Door("values", prefix="/api/v1", description="What a lead is worth, told exactly while both sides say yes.")


@api.get("/offers/<uuid:offer_id>/values", scope="leads:read", answers=ValuesView)
def read_values(actor: Actor, offer_id: UUID) -> ValuesSeen:
    """Read what a lead is worth exactly, where both sides say yes, and who says so; both read the same."""
    return values.values(actor, offer_id)


@api.post(
    "/offers/<uuid:offer_id>/agree-value",
    scope="leads:write",
    answers=ValuesView,
    refuses=(ValueNotToTell, ValueAgreedAlready),
    rechecks=values.values,
)
def agree_value(actor: Actor, offer_id: UUID) -> ValuesSeen:
    """Say yes for your side to telling this lead's value exactly; nothing is told before the other side says so too."""
    return valuing.agree_value(actor, offer_id)


@api.post(
    "/offers/<uuid:offer_id>/take-back-value",
    scope="leads:write",
    answers=ValuesView,
    refuses=(ValueNotAgreed,),
    rechecks=values.values,
)
def take_back_value(actor: Actor, offer_id: UUID) -> ValuesSeen:
    """Take your side's yes back: both sides read bands again at once, and what is told later stays untold."""
    return valuing.take_back_value(actor, offer_id)
