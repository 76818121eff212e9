"""Reading who somebody is at one of the organization's accounts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from partnercrm.accounts import queries
from partnercrm.accounts.models import Account, AccountContact
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

SORTS: Mapping[str, Any] = {"created_at": AccountContact.created_at, "contact_role": AccountContact.contact_role}
MOST_ON_A_PAGE = 50


def contacts_seen_by(actor: Actor) -> Select[AccountContact]:
    """Return the contacts at the accounts that the actor sees."""
    seen = queries.accounts_seen_by(actor).with_only_columns(Account.id)
    return select(AccountContact).where(
        AccountContact.organization_id == actor.organization_id, AccountContact.account_id.in_(seen)
    )


def contacts(actor: Actor, account_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the contacts at one account. Raises NotFound."""
    queries.account(actor, account_id)
    rows = contacts_seen_by(actor).where(AccountContact.account_id == account_id)
    return page(actor, rows, given, sorts=SORTS, key=AccountContact.id)


def first_contacts(actor: Actor, account_id: UUID) -> Sequence[AccountContact]:
    """Return the contacts at one account, the oldest first, as many as stand on its page."""
    rows = contacts_seen_by(actor).where(AccountContact.account_id == account_id)
    ordered = rows.order_by(AccountContact.created_at, AccountContact.id).limit(MOST_ON_A_PAGE)
    return db.session().scalars(ordered).all()


def contact(actor: Actor, contact_id: UUID, *, lock: bool = False) -> AccountContact:
    """Return one contact. Raises NotFound."""
    rows = contacts_seen_by(actor).where(AccountContact.id == contact_id)
    if lock:
        rows = rows.with_for_update(of=AccountContact).execution_options(populate_existing=True)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found
