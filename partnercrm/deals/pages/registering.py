"""Registering a deal on one form, by keyboard alone and on a phone, and trying it out before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, Final

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from partnercrm.calendars import queries as calendars
from partnercrm.deals import schemas
from partnercrm.deals.actions import registering as actions
from partnercrm.deals.actions.weighing import Weighed
from partnercrm.deals.conflicts import LOGGED
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.reading import partner_names
from partnercrm.deals.queries import RegistrationSeen, coming, suggesting
from partnercrm.deals.queries.drafts import DraftSeen
from partnercrm.deals.registering import Involvement, RegistrationStatus
from partnercrm.deals.stages import OPEN_STAGES, Stage
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape

_ROWS: Final = 2
_MOST_ROWS: Final = 10
_SUGGESTED: Final = 50
_COMPANY: Final = {"company": "account.name", "domain": "account.domain", "country": "account.country"}


@pages.show("/deals/register", scope="deals:write")
def new_registration(actor: Actor, form: Form | None = None, weighed: Weighed | None = None) -> str:
    """Show the form of a deal; as a person types, the joint accounts that they may mean."""
    return form_of(actor, form or Form(_usual(actor)), weighed)


def form_of(actor: Actor, form: Form, weighed: Weighed | None, draft: DraftSeen | None = None) -> str:
    """Show the form as it is filled in: of a new deal, or of a draft."""
    known = partner_names(actor)
    frame.stand_under("deals_pages.registrations")
    return render_template(
        "deals/new_registration.html",
        partners=list(known.items()),
        lines=_lines(actor, known),
        accounts=suggesting.names(actor, request.args.get("account", ""), _SUGGESTED),
        involvements=frame.choices(Involvement),
        stages=frame.choices(OPEN_STAGES),
        kinds=frame.choices(LOGGED),
        leads=_leads(actor, known),
        rows=max(_ROWS, sum(name.endswith(".happened_on") for name in form.values)),
        today=calendars.today(actor),
        form=form,
        weighed=weighed,
        draft=draft,
        panels=frame.panels("registering", actor, form),
    )


@pages.act("/deals/register", scope="deals:write", again=new_registration)
def register_deal(actor: Actor, form: Form) -> str:
    """Register a deal, or say everything that refuses it."""
    return registered(actions.register_deal(actor, filled(actor, form, schemas.RegisterDeal)))


def registered(made: RegistrationSeen) -> str:
    """Say what became of a deal, and go there."""
    if made.status is RegistrationStatus.REJECTED:
        flash(_("Your claim is on record; the other side has an earlier step. You can appeal."), "problem")
    else:
        flash(_("The deal is registered. The other side answers in the agreed time."))
    return url_for("deals_pages.registration", registration_id=made.id)


@pages.act("/deals/register/check", scope="deals:write", again=new_registration)
def check_deal(actor: Actor, form: Form) -> Any:
    """Try a deal out: everything that would refuse it, and whose claim would hold; nothing is kept."""
    shown, weighed = tried(actor, form)
    return make_response(new_registration(actor, shown, weighed))


def tried(actor: Actor, form: Form) -> tuple[Form, Weighed]:
    """Return what registering the deal on the form would come to, and the form that says so."""
    weighed = actions.check_deal(actor, filled(actor, form, schemas.CheckDeal))
    return form.refused(Invalid(_of_page(weighed.errors))) if weighed.errors else form, weighed


def _usual(actor: Actor) -> dict[str, str]:
    """Return what is filled in before a person types."""
    joined = partnerships.joined_partnerships(actor)
    usual = {
        "involvement": Involvement.CO_SELL.value,
        "entry_stage": Stage.PROSPECT.value,
        "value.currency": suggesting.currency(actor),
    }
    if len(joined) == 1:
        usual["partnership_id"] = str(joined[0].id)
        if len(joined[0].terms.product_lines) == 1:
            usual["product_line_id"] = str(joined[0].terms.product_lines[0].id)
    return usual | {name: value for name, value in request.args.items() if name in {"partnership_id", "offer_id"}}


def _lines(actor: Actor, known: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Return the product lines that may be chosen; with several partners, each with its partner's name."""
    joined = partnerships.joined_partnerships(actor)
    several = len(joined) > 1
    return [
        (str(line.id), f"{known[one.id]}: {line.name}" if several else line.name)
        for one in joined
        for line in one.terms.product_lines
    ]


def _leads(actor: Actor, known: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Return the partners' leads that the actor's side works on, from which a deal may come."""
    return [
        (str(one.id), " · ".join((one.called or one.need, known.get(one.partnership_id, ""))))
        for one in coming.leads_worked_on(actor)
    ]


def filled(actor: Actor, form: Form, shape: type[Shape]) -> dict[str, Any]:
    """Read the form by the API's shape: the company by its name, steps by their day."""
    values = dict(form.values)
    for place in range(_MOST_ROWS):
        _moment_of_day(actor, values, f"evidence.{place}")
    company = {field: values.pop(field, None) for field in _COMPANY}
    known = suggesting.called(actor, values.get("partnership_id"), company["company"] or "")
    if known is not None:
        values["joint_account_id"] = str(known)
    else:
        values |= {_COMPANY[field]: value for field, value in company.items() if value}
    try:
        return Form(values, form.chosen).load(shape)
    except Invalid as refusal:
        raise Invalid(_of_page(refusal.errors)) from refusal


def _moment_of_day(actor: Actor, values: dict[str, str], row: str) -> None:
    """Let a step begin with its day, where the reader is; a row without a day is left out."""
    day = values.pop(f"{row}.happened_on", None)
    if not day:
        values.pop(f"{row}.kind", None)
        return
    try:
        begun = datetime.combine(datetime.fromisoformat(day).date(), time(), calendars.zone_of(actor))
    except ValueError:
        values[f"{row}.happened_at"] = day
    else:
        values[f"{row}.happened_at"] = begun.isoformat()


def _of_page(errors: Iterable[FieldError]) -> list[FieldError]:
    """Name the wrong fields as the page does."""
    names = {of_api: of_page for of_page, of_api in _COMPANY.items()}
    names |= {"account": "company", "joint_account_id": "company", "value": "value.amount"}
    return [
        error._replace(field=names.get(error.field, error.field.replace(".happened_at", ".happened_on")))
        for error in errors
    ]
