"""What seems to be here twice over the API: looking before entering, pairs to decide on, merging and parting."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from partnercrm.accounts import schemas
from partnercrm.accounts.actions import merging, recognising
from partnercrm.accounts.errors import MergedAlready, MergedIntoItself, MergeFollowed
from partnercrm.accounts.models.duplicates import AccountMerge, AccountPair
from partnercrm.accounts.queries import duplicates
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("duplicates", prefix="/api/v1", description="Accounts that seem to be one company, merged and parted again.")


@api.get("/accounts/alike", scope="accounts:read", answers=schemas.AlikesView, query=schemas.AlikeQuery)
def list_alike_accounts(actor: Actor, query: dict[str, Any]) -> Mapping[str, Sequence[Any]]:
    """Look whether a company seems to be here already, before it is entered."""
    return {"accounts": duplicates.alike(actor, duplicates.described(query))}


@api.get("/accounts/<uuid:account_id>/parents", scope="accounts:read", answers=schemas.ParentsView)
def list_likely_parents(actor: Actor, account_id: UUID) -> Mapping[str, Sequence[Any]]:
    """Look which of your accounts seem to stand above one; a change of `parent_id` says that one does."""
    return {"accounts": duplicates.parents(actor, account_id)}


@api.post(
    "/accounts/<uuid:account_id>/merge",
    scope="accounts:write",
    body=schemas.MergeAccounts,
    answers=schemas.MergeView,
    status=201,
    refuses=(MergedAlready, MergedIntoItself),
    rechecks=duplicates.merge,
)
def merge_accounts(actor: Actor, account_id: UUID, given: dict[str, Any]) -> AccountMerge:
    """Merge another account into this one, which takes what it lacks; both keys name it from now on."""
    return merging.merge_accounts(actor, account_id, given["other_id"])


@api.get("/account-merges", scope="accounts:read", answers=schemas.MergeView, query=schemas.MergeQuery, pages=True)
def list_account_merges(actor: Actor, query: dict[str, Any]) -> Page:
    """List which accounts were merged into which."""
    return duplicates.merges(actor, query)


@api.post(
    "/account-merges/<uuid:merge_id>/undo",
    scope="accounts:write",
    answers=schemas.MergeView,
    refuses=(MergeFollowed,),
    rechecks=duplicates.merge,
)
def undo_account_merge(actor: Actor, merge_id: UUID) -> AccountMerge:
    """Part two accounts again; what the survivor got goes back, as far as nobody changed it since."""
    return merging.undo_merge(actor, merge_id)


@api.get("/account-pairs", scope="accounts:read", answers=schemas.PairView, query=schemas.PairQuery, pages=True)
def list_account_pairs(actor: Actor, query: dict[str, Any]) -> Page:
    """List the pairs of accounts that seem to be one company."""
    return duplicates.pairs(actor, query)


@api.post("/account-pairs/find", scope="accounts:write", status=204)
def find_account_pairs(actor: Actor) -> None:
    """Look through all accounts for pairs, in the background; this also follows every import."""
    recognising.look_for_pairs(actor)


@api.post(
    "/account-pairs/<uuid:pair_id>/reject", scope="accounts:write", answers=schemas.PairView, rechecks=duplicates.pair
)
def reject_account_pair(actor: Actor, pair_id: UUID) -> AccountPair:
    """Say that two accounts are two companies; they are not proposed again."""
    return merging.reject_pair(actor, pair_id)
