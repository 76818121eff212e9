"""The forms that keep who somebody is at an account."""

from typing import Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts import queries, schemas
from partnercrm.accounts.actions import contacting
from partnercrm.accounts.models import AccountContact
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.queries import contacts
from partnercrm.accounts.words import contact_choices
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form

_PLAIN: Final = (
    *("contact_role", "contact_name", "contact_email", "contact_basis", "contact_source", "contact_source_note"),
    *("contact_information", "contact_informed_on"),
)
_EMPTIED: Final = dict.fromkeys((*_PLAIN[1:], "contact_channels"))


@pages.show("/accounts/<uuid:account_id>/contacts/new", scope="accounts:write")
def new_contact(actor: Actor, account_id: UUID, form: Form | None = None) -> str:
    """Show the form for somebody at an account."""
    found = queries.account(actor, account_id).account
    return render_template("accounts/new_contact.html", account=found, contact=contact_choices(), form=form or Form())


@pages.act("/accounts/<uuid:account_id>/contacts/new", scope="accounts:write", again=new_contact)
def add_contact(actor: Actor, account_id: UUID, form: Form) -> str:
    """Keep somebody at an account."""
    contacting.add_contact(actor, account_id, form.load(schemas.AddContact))
    flash(_("The contact is kept."))
    return url_for("accounts_pages.account", account_id=account_id)


@pages.show("/account-contacts/<uuid:contact_id>", scope="accounts:write")
def edit_contact(actor: Actor, contact_id: UUID, form: Form | None = None) -> str:
    """Show the form with all that is known of somebody at an account."""
    found = contacts.contact(actor, contact_id)
    return render_template(
        "accounts/edit_contact.html",
        account=queries.account(actor, found.account_id).account,
        known=found,
        contact=contact_choices(),
        form=form or _filled(found),
    )


@pages.act("/account-contacts/<uuid:contact_id>", scope="accounts:write", again=edit_contact)
def change_contact(actor: Actor, contact_id: UUID, form: Form) -> str:
    """Keep what the form says of a contact; a field that was emptied is empty from now on."""
    given = _EMPTIED | form.without("version").load(schemas.AddContact)
    kept = contacting.change_contact(actor, contact_id, given, form.values.get("version", ""))
    flash(_("The changes are kept."))
    return url_for("accounts_pages.account", account_id=kept.account_id)


@pages.act("/account-contacts/<uuid:contact_id>/remove", scope="accounts:write", again=edit_contact)
def remove_contact(actor: Actor, contact_id: UUID, form: Form) -> str:
    """Keep a contact no longer."""
    removed = contacting.remove_contact(actor, contact_id, form.values.get("version", ""))
    flash(_("The contact is removed."))
    return url_for("accounts_pages.account", account_id=removed.account_id)


def _filled(found: AccountContact) -> Form:
    told = {name: getattr(found, name) for name in _PLAIN}
    values = {name: str(value) for name, value in told.items() if value is not None}
    return Form(values | {"version": found.version_tag}, {"contact_channels": found.contact_channels or ()})
