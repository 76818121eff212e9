"""The claim check, over the API: a read that nothing keeps."""

from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries import claims
from partnercrm.leads.queries.claims import ClaimCheck
from partnercrm.leads.schemas.claims import ClaimCheckView
from partnercrm.web.endpoint import Door

api = Door("claims", prefix="/api/v1", description="What came of a partner's leads, for your organization and for you.")


@api.get("/partnerships/<uuid:partnership_id>/claim-check", scope="reports:read", answers=ClaimCheckView)
def check_claim(actor: Actor, partnership_id: UUID) -> ClaimCheck:
    """Check "I have not had one qualified lead from this partner" against the record; you alone read the answer."""
    return claims.claim_check(actor, partnership_id)
