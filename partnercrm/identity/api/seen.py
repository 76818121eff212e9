"""What is seen about oneself, by the API."""

from partnercrm.identity.api.door import api
from partnercrm.identity.queries import seen
from partnercrm.identity.schemas.seen import SeenView
from partnercrm.kernel.actor import Actor


@api.get("/me/seen", scope="identity:read", answers=SeenView)
def read_seen(actor: Actor) -> seen.Seen:
    """Read what is seen about you and by whom, asked of the permissions as they are enforced now."""
    return seen.seen(actor)
