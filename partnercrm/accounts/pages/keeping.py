"""The forms that enter, change and discard an account."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts import actions, domains, queries, schemas
from partnercrm.accounts.models import Account
from partnercrm.accounts.numbers import Scheme
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.looking import account
from partnercrm.accounts.queries import duplicates
from partnercrm.accounts.queries.duplicates import Alike
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.web import frame
from partnercrm.web.page import Form

_PLAIN: Final = (
    *("name", "street", "postal_code", "city", "region", "country"),
    *("industry", "size_band", "relationship", "owner_id"),
)
_DOMAINS: Final = ("web_domains", "mail_domains")
_EMPTIED: Final = dict.fromkeys(
    ("street", "postal_code", "city", "region", "country", "industry", "size_band", "owner_id", "parent_id")
) | {name: [] for name in (*_DOMAINS, "numbers")}
_SPARE_ROWS: Final = 2


@pages.show("/accounts/new", scope="accounts:write")
def new_account(actor: Actor, form: Form | None = None, alike: Sequence[Alike] = ()) -> str:
    """Show the form for a new account, at first the viewer's own, with what seems to be the same company."""
    usual = {"owner_id": str(actor.user_id), "relationship": Relationship.PROSPECT.value}
    return render_template("accounts/new_account.html", alike=alike, **_choices(actor, form or Form(usual)))


@pages.act("/accounts/new", scope="accounts:write", again=new_account)
def enter_account(actor: Actor, form: Form) -> str | Response:
    """Enter an account; what seems to be here already is shown first."""
    with _beside_its_field():
        given = _given(actor, form.without("anyway"))
        if "anyway" not in form.values and (alike := duplicates.alike(actor, duplicates.described(given))):
            return make_response(new_account(actor, form, alike))
        entered = actions.enter_account(actor, given)
    flash(_("The account is entered."))
    return url_for("accounts_pages.account", account_id=entered.id)


@pages.show("/accounts/<uuid:account_id>/edit", scope="accounts:write")
def edit_account(actor: Actor, account_id: UUID, form: Form | None = None) -> str:
    """Show the form with all that is known of an account."""
    found = queries.account(actor, account_id).account
    shown = form or _filled(actor, found)
    is_stale = shown.values.get("version") != found.version_tag
    return render_template("accounts/edit_account.html", account=found, is_stale=is_stale, **_choices(actor, shown))


@pages.act("/accounts/<uuid:account_id>/edit", scope="accounts:write", again=edit_account)
def change_account(actor: Actor, account_id: UUID, form: Form) -> str:
    """Keep what the form says of an account; a field that was emptied is empty from now on."""
    with _beside_its_field():
        given = _EMPTIED | _given(actor, form.without("version"))
        actions.change_account(actor, account_id, given, form.values.get("version", ""))
    flash(_("The changes are kept."))
    return url_for("accounts_pages.account", account_id=account_id)


@pages.act("/accounts/<uuid:account_id>/discard", scope="accounts:write", again=account)
def discard_account(actor: Actor, account_id: UUID, form: Form) -> str:
    """Discard an account."""
    actions.discard_account(actor, account_id, form.values.get("version", ""))
    flash(_("The account is discarded."))
    return url_for("accounts_pages.accounts")


def _choices(actor: Actor, form: Form) -> dict[str, Any]:
    rows = {name.split(".")[1] for name in form.values if name.startswith("numbers.")}
    return {
        "form": form,
        "countries": frame.countries(),
        "sizes": frame.choices(SizeBand),
        "relationships": frame.choices(Relationship),
        "schemes": frame.choices(Scheme),
        "colleagues": [(str(one.id), one.name) for one in identity.colleagues(actor)],
        "number_rows": len(rows) + _SPARE_ROWS,
    }


def _given(actor: Actor, form: Form) -> dict[str, Any]:
    """Read the form: domains as they were listed, the account above by its name. Raises Invalid."""
    listed = {name: _domains(form.values[name]) for name in _DOMAINS if name in form.values}
    wrong, above = list[FieldError](), dict[str, Any]()
    try:
        if "parent" in form.values:
            above["parent_id"] = queries.called(actor, form.values["parent"])
    except Invalid as refusal:
        wrong += refusal.errors
    try:
        given = Form(form.values, dict(form.chosen) | listed).without("parent").load(schemas.PutAccount)
    except Invalid as refusal:
        raise Invalid([*refusal.errors, *wrong]) from refusal
    if wrong:
        raise Invalid(wrong)
    return given | above


def _domains(listed: str) -> list[str]:
    return [domains.registrable(one) or one for one in re.split(r"[\s,;]+", listed) if one]


@contextmanager
def _beside_its_field() -> Iterator[None]:
    """Say what is wrong beside the field of the page in which it was typed."""
    try:
        yield
    except Invalid as refusal:
        raise Invalid([one._replace(field=_field(one.field)) for one in refusal.errors]) from refusal


def _field(name: str) -> str:
    whole = name.partition(".")[0]
    return {"parent_id": "parent"}.get(whole, whole if whole in _DOMAINS else name)


def _filled(actor: Actor, found: Account) -> Form:
    """Return the form as the account fills it in."""
    told = {name: getattr(found, name) for name in _PLAIN}
    values = {name: str(value) for name, value in told.items() if value is not None}
    values |= {name: "\n".join(getattr(found, name)) for name in _DOMAINS if getattr(found, name)}
    for place, number in enumerate(found.numbers):
        row = {"scheme": number.scheme, "country": number.country, "number": number.number}
        values |= {f"numbers.{place}.{name}": str(value) for name, value in row.items() if value is not None}
    if found.parent_id:
        values["parent"] = queries.account(actor, found.parent_id).account.name
    return Form(values | {"version": found.version_tag})
