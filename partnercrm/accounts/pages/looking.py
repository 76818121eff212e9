"""The organization's accounts: the list with its search, and one of them."""

from typing import Final
from uuid import UUID

from flask import render_template

from partnercrm.accounts import queries, schemas
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.queries import AccountSeen, contacts, searching
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.paging import Page

CLOSEST: Final = 50


@pages.show("/accounts", scope="accounts:read")
def accounts(actor: Actor) -> str:
    """Show the accounts that are like what was asked for."""
    filters = Form.asked()
    given = filters.load(schemas.AccountQuery)
    if "q" in given and "sort" not in filters.values:
        found = Page([AccountSeen(one) for one in searching.hits(actor, given, CLOSEST)], None)
    else:
        found = queries.accounts(actor, given)
    first_url, next_url = filters.pages("accounts_pages.accounts", found.next)
    return render_template(
        "accounts/accounts.html",
        accounts=[seen.account for seen in found.items],
        viewer_id=actor.user_id,
        filters=filters,
        relationships=frame.choices(Relationship),
        sizes=frame.choices(SizeBand),
        countries=frame.countries(),
        first_url=first_url,
        next_url=next_url,
        files=frame.panels("accounts", actor),
    )


@pages.show("/accounts/<uuid:account_id>", scope="accounts:read")
def account(actor: Actor, account_id: UUID, form: Form | None = None) -> str:
    """Show one account: who opens its door first, then who is known there, then what it is recognised by."""
    found = queries.account(actor, account_id).account
    form = form or Form()
    return render_template(
        "accounts/account.html",
        account=found,
        owner=identity.user(actor, found.owner_id) if found.owner_id else None,
        parent=queries.account(actor, found.parent_id).account if found.parent_id else None,
        children=queries.children(actor, account_id),
        contacts=contacts.first_contacts(actor, account_id),
        panels=frame.panels("account", actor, found, form),
        beside=frame.panels("account beside", actor, found, form),
        form=form,
    )
