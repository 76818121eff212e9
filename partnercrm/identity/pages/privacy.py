"""A person's data, colleague or contact: written out to hand to them, or erased after a page that says what goes."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.activity import queries as activity
from partnercrm.identity import actions
from partnercrm.identity.errors import NobodyKnown
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.schemas.privacy import ErasePerson, PersonAddress
from partnercrm.identity.words import KEPT
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.web.page import Form
from partnercrm.web.writing import as_json


@pages.show("/person-data", scope="identity:write")
def person_data(actor: Actor, form: Form | None = None) -> str:
    """Ask for the address of the person whose data it is about; a refused confirmation is shown again as one."""
    email = form.values.get("email") if form and "email" not in form.errors else None
    if form and email and "confirmed_email" in {*form.values, *form.errors}:
        return _confirmation(actor, email, form)
    return render_template("identity/person_data.html", form=form or Form())


@pages.act("/person-data/export", scope="identity:write", again=person_data)
def export_person(actor: Actor, form: Form) -> AnyResponse:
    """Hand out everything that is kept of a person, as a file."""
    with _as_a_field():
        found = actions.export_person(actor, form.load(PersonAddress)["email"])
    heads = [activity.head_told(head) for head in found.heads]
    shown = {"kept": found.kept, "cut_off": found.cut_off, "heads": heads}
    response = Response(as_json(shown), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="person.json"'
    return response


@pages.act("/person-data/confirm", scope="identity:write", again=person_data)
def confirm_erasure(actor: Actor, form: Form) -> AnyResponse:
    """Say what will go, and what both sides will read, before anything does."""
    email = form.load(PersonAddress)["email"]
    with _as_a_field():
        return make_response(_confirmation(actor, email, Form({"email": email})))


@pages.act("/person-data/erase", scope="identity:write", again=person_data)
def erase_person(actor: Actor, form: Form) -> str:
    """Erase a person for good."""
    with _as_a_field():
        actions.erase_person(actor, form.load(ErasePerson)["email"])
    flash(gettext("The person is erased. The record says that somebody was, not who."))
    return url_for("identity_pages.person_data")


@contextmanager
def _as_a_field() -> Iterator[None]:
    """Say beside the address that nobody is known by it."""
    try:
        yield
    except NobodyKnown as refusal:
        raise Invalid.field("email", refusal.sentence) from refusal


def _confirmation(actor: Actor, email: str, form: Form) -> str:
    kinds = [KEPT.get(kind, kind) for kind in actions.kept_of(actor, email).kept]
    return render_template("identity/erasing.html", email=email, kinds=kinds, form=form)
