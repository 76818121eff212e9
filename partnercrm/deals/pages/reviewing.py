"""What the forms of one registration do: each step by the API's shape and the same action."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, url_for
from flask_babel import lazy_gettext as _

from partnercrm.calendars import queries as calendars
from partnercrm.deals import schemas
from partnercrm.deals.actions import appealing, reviewing
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.reading import registration
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.web.page import Form
from partnercrm.web.shapes import Day, Shape


class ExtendOnPage(Shape):
    """A step of a protected deal and its day."""

    kind = schemas.Extend().fields["kind"]
    happened_on = Day(required=True)


def _step(
    path: str, name: str, act: Callable[..., Any], shape: type[Shape] | None, said: Any, *, scope: str = "deals:write"
) -> None:
    """Declare one step: the form is read by the API's shape and the same action is called."""

    def step(actor: Actor, registration_id: UUID, form: Form) -> str:
        act(actor, registration_id, *([form.load(shape)] if shape else []))
        flash(str(said))
        return url_for("deals_pages.registration", registration_id=registration_id)

    step.__name__ = name
    pages.act(f"/registrations/<uuid:registration_id>/{path}", scope=scope, again=registration)(step)


_REVIEW: Final = "deals:review"
_step(
    "begin-review",
    "begin_review",
    reviewing.begin_review,
    None,
    _("The other side knows that you look at it."),
    scope=_REVIEW,
)
_step("ask", "ask_for_more", reviewing.ask_for_more, schemas.AskForMore, _("The other side is asked."), scope=_REVIEW)
_step(
    "approve",
    "approve_registration",
    reviewing.approve,
    schemas.Approve,
    _("The deal is approved and protected."),
    scope=_REVIEW,
)
_step(
    "reject",
    "reject_registration",
    reviewing.reject_registration,
    schemas.RejectRegistration,
    _("The deal is not approved; the other side reads why."),
    scope=_REVIEW,
)
_step("resubmit", "resubmit", reviewing.resubmit, schemas.Resubmit, _("Sent; the review goes on."))
_step("withdraw", "withdraw_registration", reviewing.withdraw, None, _("The deal is taken back."))
_step("appeal", "appeal_registration", appealing.appeal, schemas.Appeal, _("A case is open; both sides read it."))


@pages.act("/registrations/<uuid:registration_id>/extend", scope="deals:write", again=registration)
def extend_registration(actor: Actor, registration_id: UUID, form: Form) -> str:
    """Log a step with its day; it protects for longer."""
    given = form.load(ExtendOnPage)
    happened_at = calendars.end_of(actor, given["happened_on"]) or db.now()
    try:
        told = reviewing.extend(actor, registration_id, {"kind": given["kind"], "happened_at": happened_at})
    except Invalid as refusal:
        raise Invalid([one._replace(field="happened_on") for one in refusal.errors]) from refusal
    flash(str(_("Logged; the protection goes on.")))
    return url_for("deals_pages.registration", registration_id=told.id)
