"""The API of accounts: one's own, and bringing them up to date from another system."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from partnercrm.accounts import queries, schemas
from partnercrm.accounts.actions import keeping, syncing
from partnercrm.accounts.errors import AccountExistsAlready, AccountsRefused
from partnercrm.accounts.models import Account
from partnercrm.accounts.queries import AccountSeen, searching
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("accounts", prefix="/api/v1", description="The companies you sell to; your organization alone reads them.")


@api.post(
    "/accounts",
    scope="accounts:write",
    body=schemas.EnterAccount,
    answers=schemas.AccountView,
    status=201,
    refuses=(AccountExistsAlready,),
    rechecks=queries.account,
)
def enter_account(actor: Actor, given: dict[str, Any]) -> AccountSeen:
    """Enter an account; your organization alone reads it."""
    return keeping.enter_account(actor, given)


@api.get(
    "/accounts",
    scope="accounts:read",
    answers=schemas.AccountView,
    query=schemas.AccountQuery,
    pages=True,
    refuses=(FiguresArePrivate,),
)
def list_accounts(actor: Actor, query: dict[str, Any]) -> Page:
    """List your organization's accounts."""
    return queries.accounts(actor, query)


@api.get(
    "/accounts/search",
    scope="accounts:read",
    answers=schemas.HitsView,
    query=schemas.SearchQuery,
    refuses=(FiguresArePrivate,),
)
def search_accounts(actor: Actor, query: dict[str, Any]) -> dict[str, Sequence[Account]]:
    """Find accounts while somebody types: those closest to it, the closest first."""
    return {"accounts": searching.hits(actor, query, query["limit"])}


@api.get("/accounts/<uuid:account_id>", scope="accounts:read", answers=schemas.AccountView)
def read_account(actor: Actor, account_id: UUID) -> AccountSeen:
    """Read one of your organization's accounts."""
    return queries.account(actor, account_id)


@api.patch(
    "/accounts/<uuid:account_id>",
    scope="accounts:write",
    body=schemas.ChangeAccount,
    answers=schemas.AccountView,
    rechecks=queries.account,
)
def change_account(actor: Actor, account_id: UUID, given: dict[str, Any], expected: str) -> AccountSeen:
    """Change the fields sent; domains and numbers that are sent stand for all there were."""
    return keeping.change_account(actor, account_id, given, expected)


@api.delete("/accounts/<uuid:account_id>", scope="accounts:write")
def discard_account(actor: Actor, account_id: UUID, expected: str) -> None:
    """Discard an account; what stood below it stands alone."""
    keeping.discard_account(actor, account_id, expected)


@api.get(
    "/accounts/by-key/<key(most=60):connector>/<key(most=200):external_id>",
    scope="accounts:read",
    answers=schemas.AccountView,
)
def read_account_by_key(actor: Actor, connector: str, external_id: str) -> AccountSeen:
    """Read the account that another system knows by this key."""
    return queries.account_under(actor, connector, external_id)


@api.put(
    "/accounts/by-key/<key(most=60):connector>/<key(most=200):external_id>",
    scope="accounts:write",
    body=schemas.PutAccount,
    answers=schemas.AccountView,
    rechecks=queries.account,
)
def put_account(actor: Actor, connector: str, external_id: str, given: dict[str, Any]) -> AccountSeen:
    """Enter the account that another system knows by this key, or bring it up to date; fields left out stay."""
    return syncing.put_account(actor, connector, external_id, given)


@api.post(
    "/accounts/bulk",
    scope="accounts:write",
    body=schemas.PutAccounts,
    answers=schemas.AccountsView,
    refuses=(AccountsRefused,),
)
def put_accounts(actor: Actor, given: dict[str, Any]) -> dict[str, list[syncing.KeptAccount]]:
    """Enter or update up to 1,000 accounts by their keys, all or none."""
    return {"accounts": syncing.put_accounts(actor, given["accounts"])}
