"""What partners know of one's own accounts, over the API: receipts, taking back, and a partner's own view."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import withholding as actions
from partnercrm.accounts.queries import receipts as queries
from partnercrm.accounts.queries.receipts import AsPartner, Receipts
from partnercrm.accounts.schemas.receipts import (
    AsPartnerQuery,
    AsPartnerView,
    ReceiptsOfAccountView,
    WithholdField,
)
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door

api = Door("receipts", prefix="/api/v1", description="What partners know of your accounts, and taking it back.")
_ONE = "/accounts/<uuid:account_id>"


@api.get(f"{_ONE}/receipts", scope="accounts:read", answers=ReceiptsOfAccountView)
def read_receipts(actor: Actor, account_id: UUID) -> Receipts:
    """Read what your partners know of an account: which field, at which tier, since when and through what."""
    return queries.receipts(actor, account_id)


@api.post(
    f"{_ONE}/withhold",
    scope="accounts:write",
    body=WithholdField,
    answers=ReceiptsOfAccountView,
    rechecks=queries.receipts,
)
def withhold_field(actor: Actor, account_id: UUID, given: dict[str, Any]) -> Receipts:
    """Take a field back from a partner: from all it reads and at once, and for as long as you do not tell it again."""
    return actions.withhold_field(actor, account_id, given["partnership_id"], given["field"])


@api.post(
    f"{_ONE}/tell-again",
    scope="accounts:write",
    body=WithholdField,
    answers=ReceiptsOfAccountView,
    rechecks=queries.receipts,
)
def tell_field_again(actor: Actor, account_id: UUID, given: dict[str, Any]) -> Receipts:
    """Withhold a field no longer; a mapping tells it again from its next comparison on."""
    return actions.tell_field_again(actor, account_id, given["partnership_id"], given["field"])


@api.get(f"{_ONE}/as-partner", scope="accounts:read", answers=AsPartnerView, query=AsPartnerQuery)
def read_account_as_partner(actor: Actor, account_id: UUID, query: dict[str, Any]) -> AsPartner:
    """Read what a partner's own queries return of your account; nothing of the partner's own is in it."""
    return queries.as_partner(actor, account_id, query["partnership_id"])
