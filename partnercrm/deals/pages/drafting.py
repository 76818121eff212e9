"""Deals that somebody has begun to register, on pages: found again, gone on with, registered or thrown away."""

from typing import Any
from uuid import UUID

from flask import flash, make_response, render_template, url_for
from flask_babel import gettext as _

from partnercrm.calendars import queries as calendars
from partnercrm.deals.actions import drafting as actions
from partnercrm.deals.actions.weighing import Weighed
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.reading import partner_names, product_lines
from partnercrm.deals.pages.registering import filled, form_of, new_registration, registered, tried
from partnercrm.deals.pages.selling import whole
from partnercrm.deals.queries import drafts as queries
from partnercrm.deals.queries.drafts import DraftSeen
from partnercrm.deals.schemas import RegisterDeal
from partnercrm.deals.schemas.drafts import DraftDeal, RegistrationDraftQuery
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/deals/drafts", scope="deals:write")
def drafts(actor: Actor) -> str:
    """Show the drafts: one's own, and to managers their side's."""
    asked = Form.asked()
    found = queries.drafts(actor, asked.load(RegistrationDraftQuery))
    first_url, next_url = asked.pages("deals_pages.drafts", found.next)
    return render_template(
        "deals/drafts.html",
        found=found.items,
        partners=partner_names(actor),
        lines=product_lines(actor),
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/deals/drafts/<uuid:draft_id>", scope="deals:write")
def draft(actor: Actor, draft_id: UUID, form: Form | None = None, weighed: Weighed | None = None) -> str:
    """Show the form of a deal as far as it was filled in."""
    found = queries.draft(actor, draft_id)
    return form_of(actor, form or Form(_as_it_stands(actor, found)), weighed, found)


@pages.act("/deals/register/keep", scope="deals:write", again=new_registration)
def keep_new_draft(actor: Actor, form: Form) -> str:
    """Keep what is filled in of a new deal."""
    made = actions.draft_deal(actor, filled(actor, whole(form), DraftDeal))
    return _kept(made)


@pages.act("/deals/drafts/<uuid:draft_id>/keep", scope="deals:write", again=draft)
def keep_draft(actor: Actor, draft_id: UUID, form: Form) -> str:
    """Keep what is filled in now."""
    given = filled(actor, whole(form.without("version")), DraftDeal)
    return _kept(actions.change_draft(actor, draft_id, given, form.values.get("version", "")))


@pages.act("/deals/drafts/<uuid:draft_id>/check", scope="deals:write", again=draft)
def check_draft(actor: Actor, draft_id: UUID, form: Form) -> Any:
    """Try the deal out as it is filled in; nothing is kept."""
    shown, weighed = tried(actor, form.without("version"))
    return make_response(draft(actor, draft_id, shown, weighed))


@pages.act("/deals/drafts/<uuid:draft_id>/submit", scope="deals:write", again=draft)
def submit_draft(actor: Actor, draft_id: UUID, form: Form) -> str:
    """Register the deal as it is filled in, or say everything that refuses it; the draft is gone then."""
    return registered(actions.submit_draft(actor, draft_id, filled(actor, form.without("version"), RegisterDeal)))


@pages.act("/deals/drafts/<uuid:draft_id>/discard", scope="deals:write", again=draft)
def discard_draft(actor: Actor, draft_id: UUID, form: Form) -> str:
    """Throw the draft away."""
    actions.discard_draft(actor, draft_id, form.values.get("version", ""))
    flash(_("The draft is discarded."))
    return url_for("deals_pages.drafts")


def _kept(found: DraftSeen) -> str:
    flash(_("Kept as a draft: only you and your managers read it. Register it when it is ready."))
    return url_for("deals_pages.draft", draft_id=found.id)


def _as_it_stands(actor: Actor, found: DraftSeen) -> dict[str, str]:
    """Return what is filled in, by the names of the page's fields."""
    zone = calendars.zone_of(actor)
    values: dict[str, Any] = {
        "company": found.company,
        "domain": found.account_domain,
        "country": found.account_country,
        "product_line_id": found.product_line_id,
        "offer_id": found.offer_id,
        "close_on": found.close_on,
        "asks": found.asks,
        "involvement": found.involvement,
        "entry_stage": found.entry_stage,
        "lost_before": "true" if found.lost_before else None,
    }
    if value := found.value:
        values |= {"value.amount": value.amount, "value.currency": value.currency}
    for place, step in enumerate(found.evidence):
        values[f"evidence.{place}.kind"] = step["kind"]
        values[f"evidence.{place}.happened_on"] = step["happened_at"].astimezone(zone).date()
    return {name: str(value) for name, value in values.items() if value is not None}
