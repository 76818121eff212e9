"""Keeping one account: enter, change, discard."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from partnercrm.accounts import queries
from partnercrm.accounts.actions.identifying import identify
from partnercrm.accounts.actions.recognising import keep_keys
from partnercrm.accounts.errors import AccountExistsAlready
from partnercrm.accounts.models import Account
from partnercrm.accounts.queries import AccountSeen
from partnercrm.accounts.relationships import Relationship
from partnercrm.activity.actions import record
from partnercrm.identity.queries import staying
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import random_id

FACTS: Final = (
    *("name", "street", "postal_code", "city", "region", "country"),
    *("industry", "size_band", "relationship", "owner_id"),
)
NO_OWNER: Final = "This is none of your colleagues whose account is open."
NO_PARENT: Final = "This is none of your accounts."
IN_A_CIRCLE: Final = "An account cannot stand below itself, nor below what stands below it."


def enter_account(actor: Actor, given: Mapping[str, Any]) -> AccountSeen:
    """Enter an account; a prospect's where nothing else is said. Raises AccountExistsAlready, Invalid."""
    require_owner(actor, given)
    now = clock.now()
    facts = {"relationship": Relationship.PROSPECT} | {name: given[name] for name in FACTS if name in given}
    entered = Account(
        id=random_id(),
        organization_id=actor.organization_id,
        connector=given.get("connector"),
        external_id=given.get("external_id"),
        parent_id=_parent(actor, None, given.get("parent_id")),
        created_at=now,
        updated_at=now,
        **facts,
    )
    with db.unique("uq_accounts_organization_id_connector_external_id", AccountExistsAlready):
        db.session().add(entered)
    identify(actor, {entered.id: given})
    keep_keys(actor, [entered.id])
    record(actor, "account.entered", entered)
    return queries.account(actor, entered.id)


def change_account(actor: Actor, account_id: UUID, given: Mapping[str, Any], expected: str) -> AccountSeen:
    """Change the fields named; of domains and numbers all that are named stand for all there were.

    Raises NotFound, Stale, Invalid.
    """
    queries.account(actor, account_id)
    require_owner(actor, given)
    found = queries.account(actor, account_id, lock=True).account
    versions.require(expected, found.version_tag)
    if "parent_id" in given:
        found.parent_id = _parent(actor, account_id, given["parent_id"])
    for name in FACTS:
        if name in given:
            setattr(found, name, given[name])
    found.updated_at = clock.now()
    db.session().flush()
    identify(actor, {account_id: given})
    keep_keys(actor, [account_id])
    record(actor, "account.changed", found)
    return queries.account(actor, account_id)


def discard_account(actor: Actor, account_id: UUID, expected: str) -> None:
    """Remove an account with what was merged into it; what stood below it stands alone. Raises NotFound, Stale."""
    found = queries.account(actor, account_id, lock=True).account
    versions.require(expected, found.version_tag)
    below = Account.organization_id == actor.organization_id, Account.parent_id == account_id
    db.session().execute(
        update(Account)
        .where(*below)
        .values(parent_id=None, version=Account.version + 1, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session().delete(found)
    db.session().flush()
    record(actor, "account.discarded", found)


def strangers(actor: Actor, named: Collection[UUID | None]) -> set[UUID]:
    """Return those who cannot own an account: none of the organization's people, or gone.

    The others do not leave before the transaction ends.
    """
    wanted = {one for one in named if one is not None}
    return wanted - staying.those_who_stay(actor, wanted) if wanted else wanted


def require_owner(actor: Actor, given: Mapping[str, Any]) -> None:
    """Refuse an owner who is none of the organization's people, or gone. Raises Invalid."""
    if strangers(actor, {given.get("owner_id")}):
        raise Invalid.field("owner_id", NO_OWNER)


def _parent(actor: Actor, account_id: UUID | None, parent_id: UUID | None) -> UUID | None:
    """Return below what an account is to stand: one of one's own, and nowhere below itself. Raises Invalid.

    Whatever is above is held where it stands until the transaction ends, so that no two changes close a circle.
    """
    if parent_id is None:
        return None
    try:
        above: UUID | None = queries.account(actor, parent_id).id
    except NotFound:
        raise Invalid.field("parent_id", NO_PARENT) from None
    while above is not None:
        if above == account_id:
            raise Invalid.field("parent_id", IN_A_CIRCLE)
        above = queries.parent_of(actor, above)
    return parent_id
