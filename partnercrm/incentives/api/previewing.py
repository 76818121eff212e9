"""What a deal would earn over the API: asked before it is registered, by whom it would pay."""

from typing import Any

from partnercrm.incentives.queries import previewing
from partnercrm.incentives.queries.previewing import Preview
from partnercrm.incentives.schemas.previewing import EarningsPreview, PreviewEarnings
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door

api = Door("previews", prefix="/api/v1", description="What a deal would earn you, alone and with the partner.")


@api.post("/incentives/preview", scope="incentives:read", body=PreviewEarnings, answers=EarningsPreview)
def preview_earnings(actor: Actor, given: dict[str, Any]) -> Preview:
    """See what a deal earns you alone and with the partner, line by line; nothing is kept, nobody else is asked."""
    return previewing.preview(actor, given)
