"""Lost alone, over the API: told by an account's owner, read by its owner alone, counted by the year."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import losses as actions
from partnercrm.accounts.actions import lost_elsewhere
from partnercrm.accounts.actions.lost_elsewhere import LossTold
from partnercrm.accounts.errors import LossIsCounted, LossOfAnotherAccount, LostAlready, NobodysAccount, NotItsOwner
from partnercrm.accounts.queries import losses as queries
from partnercrm.accounts.queries.losses import LossSeen, YearOfLosses
from partnercrm.accounts.schemas.losses import (
    LoseAccount,
    LossQuery,
    LossView,
    LossYearQuery,
    LossYearView,
    PutLoss,
    PutLossView,
)
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("losses", prefix="/api/v1", description="Accounts lost without a partner who was there, for your eyes.")


@api.post(
    "/accounts/<uuid:account_id>/losses",
    scope="accounts:write",
    body=LoseAccount,
    answers=LossView,
    status=201,
    refuses=(NotItsOwner, LostAlready),
    rechecks=queries.loss,
)
def lose_account(actor: Actor, account_id: UUID, given: dict[str, Any]) -> LossSeen:
    """Say that an account of yours was lost; you alone learn which partners were there, and since when that is told."""
    return actions.lose_account(actor, account_id, given)


@api.put(
    "/accounts/by-key/<key(most=60):connector>/<key(most=200):account_key>/losses/<key(most=200):external_id>",
    scope="accounts:write",
    body=PutLoss,
    answers=PutLossView,
    refuses=(NotItsOwner, NobodysAccount, LossOfAnotherAccount),
)
def put_loss(actor: Actor, connector: str, account_key: str, external_id: str, given: dict[str, Any]) -> LossTold:
    """Say, as an integration or as its owner, that an account was lost, by another system's key; safe to repeat."""
    return lost_elsewhere.put_loss(actor, connector, account_key, external_id, given)


@api.delete(
    "/accounts/by-key/<key(most=60):connector>/<key(most=200):account_key>/losses/<key(most=200):external_id>",
    scope="accounts:write",
    refuses=(NotItsOwner, LossOfAnotherAccount),
    matches=False,
)
def retract_loss(actor: Actor, connector: str, account_key: str, external_id: str) -> None:
    """Take back, as an integration or as its owner, what was told by this key: the account was not lost after all.

    Safe to repeat. Its owner reads that it was taken back.
    """
    lost_elsewhere.retract_loss(actor, connector, account_key, external_id)


@api.get("/losses", scope="accounts:read", answers=LossView, query=LossQuery, pages=True)
def list_losses(actor: Actor, query: dict[str, Any]) -> Page:
    """List the accounts you lost."""
    return queries.losses(actor, query)


@api.post("/losses/<uuid:loss_id>/withdraw", scope="accounts:write", status=204, refuses=(LossIsCounted,))
def withdraw_loss(actor: Actor, loss_id: UUID) -> None:
    """Take back that an account was lost, until its year is over."""
    actions.withdraw_loss(actor, loss_id)


@api.get("/losses/total", scope="reports:read", answers=LossYearView, query=LossYearQuery)
def read_loss_total(actor: Actor, query: dict[str, Any]) -> YearOfLosses:
    """Read how many accounts that a partner had too your company lost alone in a year that is over."""
    return queries.year_of_losses(actor, query.get("year"))
