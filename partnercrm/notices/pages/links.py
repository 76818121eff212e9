"""Behind the links in mails: a question and one answer, without a sign-in; looking at one changes nothing."""

from typing import Any

from flask import Blueprint, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound, NotSignedIn, Refusal
from partnercrm.notices import kinds
from partnercrm.notices.actions import linking, mailing, preferring
from partnercrm.notices.actions.mailing import Subscription
from partnercrm.notices.kinds import Act
from partnercrm.web import authentication
from partnercrm.web.errors import status_of
from partnercrm.web.page import Form

links = Blueprint("mail_links", "partnercrm.notices")


@links.get("/answer/<secret>")
def ask(secret: str) -> AnyResponse:
    """Show what a link would do, and ask; scanners and previews may look as often as they like."""
    return _shown(secret, Form())


@links.post("/answer/<secret>")
def answer(secret: str) -> AnyResponse:
    """Do what the link is for, once."""
    form = Form.sent()
    try:
        person, _link = _behind(secret)
        with db.transaction(person):
            act = linking.follow(secret, person, _visitor(), lambda act: _read(act, form))
    except Invalid as refusal:
        return _shown(secret, form.refused(refusal), 422)
    except Refusal as refusal:
        return _over(refusal)
    return make_response(render_template("notices/link_done.html", title=_("Done"), text=act.done))


@links.get("/unsubscribe/<token>")
def leave(token: str) -> str:
    """Ask before mails end; a mail program's own click comes as a POST."""
    return render_template("notices/unsubscribe.html", what=_called(_subscription(token)), token=token)


@links.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> str:
    """End mails of one kind, or the digest, by one click (RFC 8058)."""
    found = _subscription(token)
    with db.transaction(Actor(found.organization_id, found.user_id)):
        preferring.unsubscribe(found)
    text = _("You still find everything on the notices page, and can choose otherwise there.")
    return render_template("notices/link_done.html", title=_("No more of these mails"), text=text)


def _shown(secret: str, form: Form, status: int = 200) -> AnyResponse:
    try:
        person, link_id = _behind(secret)
        with db.transaction(person, read_only=True):
            question = linking.question(person, link_id, _visitor())
    except Refusal as refusal:
        return _over(refusal)
    act = question.act
    page = render_template("notices/link.html", act=act, lines=question.lines, secret=secret, form=form, **act.about())
    return make_response(page, status)


def _behind(secret: str) -> tuple[Actor, Any]:
    with db.transaction(None, read_only=True):
        return linking.person_behind(secret)


def _over(refusal: Refusal) -> AnyResponse:
    page = render_template("notices/link_done.html", title=_("Nothing was done"), text=str(refusal))
    return make_response(page, status_of(type(refusal)))


def _read(act: Act, form: Form) -> dict[str, Any]:
    return form.load(act.shape) if act.shape else {}


def _visitor() -> Actor | None:
    try:
        return authentication.visitor()
    except NotSignedIn:
        return None


def _subscription(token: str) -> Subscription:
    found = mailing.subscription(token)
    if found is None or (found.kind != mailing.DIGEST and kinds.known(found.kind) is None):
        raise NotFound
    return found


def _called(subscription: Subscription) -> str:
    kind = kinds.known(subscription.kind)
    return str(kind.title) if kind else _("Daily digest")
