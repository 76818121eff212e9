"""Keeping who somebody is at an account: name and address only with what allows to keep them, the role always."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from partnercrm.accounts import contacts, queries
from partnercrm.accounts.contacts import NEEDED, TO_COME
from partnercrm.accounts.models import AccountContact
from partnercrm.accounts.queries import contacts as known
from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.kernel.ids import random_id

FIELDS: Final = (
    *("contact_role", "contact_name", "contact_email", *NEEDED),
    *("contact_source_note", "contact_informed_on"),
)
NEEDED_FOR_A_NAME: Final = "Without this only the role is kept, no name and no address."


def add_contact(actor: Actor, account_id: UUID, given: Mapping[str, Any]) -> AccountContact:
    """Keep somebody at an account. Raises NotFound, Invalid."""
    queries.account(actor, account_id)
    added = AccountContact(
        id=random_id(),
        organization_id=actor.organization_id,
        account_id=account_id,
        created_at=clock.now(),
        **dict.fromkeys(FIELDS) | _told(actor, given),
    )
    _require_known(added)
    db.session().add(added)
    db.session().flush()
    record(actor, "account_contact.added", added)
    return added


def change_contact(actor: Actor, contact_id: UUID, given: Mapping[str, Any], expected: str) -> AccountContact:
    """Change the fields named of somebody at an account. Raises NotFound, Stale, Invalid."""
    found = known.contact(actor, contact_id, lock=True)
    versions.require(expected, found.version_tag)
    for name, value in _told(actor, given).items():
        setattr(found, name, value)
    _require_known(found)
    db.session().flush()
    record(actor, "account_contact.changed", found)
    return found


def remove_contact(actor: Actor, contact_id: UUID, expected: str) -> AccountContact:
    """Keep somebody at an account no longer; return who it was. Raises NotFound, Stale."""
    found = known.contact(actor, contact_id, lock=True)
    versions.require(expected, found.version_tag)
    db.session().delete(found)
    db.session().flush()
    record(actor, "account_contact.removed", found)
    return found


def _told(actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were sent, with what follows from them. Raises Invalid."""
    if given.get("contact_informed_on") is not None and contacts.is_to_come(given, calendars.today(actor)):
        raise Invalid.field("contact_informed_on", TO_COME)
    return contacts.settled({name: given[name] for name in FIELDS if name in given})


def _require_known(contact: AccountContact) -> None:
    if lacking := contacts.missing(contact):
        raise Invalid([FieldError(name, NEEDED_FOR_A_NAME) for name in lacking])
