"""The API of who somebody is at an account."""

from typing import Any
from uuid import UUID

from partnercrm.accounts import schemas
from partnercrm.accounts.actions import contacting
from partnercrm.accounts.models import AccountContact
from partnercrm.accounts.queries import contacts
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("account_contacts", prefix="/api/v1", description="People at the companies you sell to.")


@api.post(
    "/accounts/<uuid:account_id>/contacts",
    scope="accounts:write",
    body=schemas.AddContact,
    answers=schemas.ContactView,
    status=201,
    rechecks=contacts.contact,
)
def add_contact(actor: Actor, account_id: UUID, given: dict[str, Any]) -> AccountContact:
    """Keep somebody at an account: the role, and name and address where you may."""
    return contacting.add_contact(actor, account_id, given)


@api.get(
    "/accounts/<uuid:account_id>/contacts",
    scope="accounts:read",
    answers=schemas.ContactView,
    query=schemas.ContactQuery,
    pages=True,
)
def list_contacts(actor: Actor, account_id: UUID, query: dict[str, Any]) -> Page:
    """List the contacts at one of your accounts."""
    return contacts.contacts(actor, account_id, query)


@api.get("/account-contacts/<uuid:contact_id>", scope="accounts:read", answers=schemas.ContactView)
def read_contact(actor: Actor, contact_id: UUID) -> AccountContact:
    """Read one contact at one of your accounts."""
    return contacts.contact(actor, contact_id)


@api.patch(
    "/account-contacts/<uuid:contact_id>",
    scope="accounts:write",
    body=schemas.ChangeContact,
    answers=schemas.ContactView,
    rechecks=contacts.contact,
)
def change_contact(actor: Actor, contact_id: UUID, given: dict[str, Any], expected: str) -> AccountContact:
    """Change the fields sent."""
    return contacting.change_contact(actor, contact_id, given, expected)


@api.delete("/account-contacts/<uuid:contact_id>", scope="accounts:write")
def remove_contact(actor: Actor, contact_id: UUID, expected: str) -> None:
    """Keep a contact no longer."""
    contacting.remove_contact(actor, contact_id, expected)
