"""Cards over the API: a CRM asks for one, and shows its address in a frame beside the account."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import cards as actions
from partnercrm.accounts.actions.cards import Card
from partnercrm.accounts.errors import NotYourCard, NowhereToShow
from partnercrm.accounts.schemas.cards import CardView, MakeCard
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door

api = Door("account-cards", prefix="/api/v1", description="Cards of accounts, to be shown in your CRM.")


@api.post(
    "/accounts/<uuid:account_id>/card",
    scope="accounts:read",
    body=MakeCard,
    answers=CardView,
    refuses=(NotYourCard, NowhereToShow),
    secret=True,
)
def make_card(actor: Actor, account_id: UUID, given: dict[str, Any]) -> Card:
    """Get an address to show in a frame: which partner knows an account and who can introduce its reader."""
    return actions.make_card(actor, account_id, given)


@api.post(
    "/accounts/by-key/<key(most=60):connector>/<key(most=200):external_id>/card",
    scope="accounts:read",
    body=MakeCard,
    answers=CardView,
    refuses=(NotYourCard, NowhereToShow),
    secret=True,
)
def make_card_by_key(actor: Actor, connector: str, external_id: str, given: dict[str, Any]) -> Card:
    """Get the same for the account that another system knows by this key."""
    return actions.make_card_by_key(actor, connector, external_id, given)
