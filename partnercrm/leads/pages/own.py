"""The organization's own leads: the list, and one of them with a form to complete or change it."""

from typing import Any, Final
from uuid import UUID

from babel import Locale
from flask import flash, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from partnercrm.accounts.sizes import SizeBand
from partnercrm.accounts.words import contact_choices
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import keeping
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, OfferStatus
from partnercrm.leads.models import Lead
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offering import without_empty_value
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import own
from partnercrm.leads.words import MISSING
from partnercrm.web import amounts, frame
from partnercrm.web.page import Form

_PLAIN: Final = (
    *("company_name", "company_domain", "country", "industry", "size_band", "need", "notes"),
    *("contact_name", "contact_role", "contact_email", "contact_basis", "contact_source", "contact_source_note"),
    *("contact_information", "contact_informed_on", "expected_close_on"),
)
_EMPTIED: Final = (*_PLAIN, "contact_channels", "value")


@pages.show("/leads", scope="leads:read")
def leads(actor: Actor) -> str:
    """Show drafts, and what became of the others."""
    filters = Form.asked()
    found = own.leads(actor, filters.load(schemas.LeadQuery))
    first_url, next_url = filters.pages("leads_pages.leads", found.next)
    return render_template(
        "leads/leads.html",
        leads=found.items,
        partners=partners(actor),
        again=MAY_BE_OFFERED_AGAIN,
        filters=filters,
        statuses=[(own.DRAFT, _("Draft")), (own.WITH_PARTNER, _("With a partner")), *frame.choices(OfferStatus)],
        first_url=first_url,
        next_url=next_url,
        files=frame.panels("leads", actor),
    )


@pages.show("/leads/<uuid:lead_id>", scope="leads:write")
def lead(actor: Actor, lead_id: UUID, form: Form | None = None) -> str:
    """Show one lead: where it stands, what its contact lacks to travel, and a form with all that is known of it."""
    state = own.lead(actor, lead_id)
    is_sealed = state.is_under_seal
    shown = form or _filled(state.lead, state.version_tag, Form.asked().values.get("then", ""))
    return render_template(
        "leads/lead.html",
        state=state,
        missing=[MISSING[name] for name in state.lead.contact_missing],
        may_offer=not is_sealed and (state.current is None or state.current.status in MAY_BE_OFFERED_AGAIN),
        is_sealed=is_sealed,
        is_stale=shown.values.get("version") != state.version_tag,
        countries=frame.countries(),
        sizes=frame.choices(SizeBand),
        contact=contact_choices(),
        colleagues=[(str(one.id), one.name) for one in identity.colleagues(actor)] if actor.has("leads:all") else [],
        may_discard=not (is_sealed or own.was_ever_offered(state.lead)),
        form=shown,
    )


@pages.act("/leads/<uuid:lead_id>", scope="leads:write", again=lead)
def edit_lead(actor: Actor, lead_id: UUID, form: Form) -> str:
    """Keep what the form says of a lead; a field that was emptied is empty from now on."""
    unsaid = () if form.values.get("owner_id") else ("owner_id",)
    given = without_empty_value(form).without("version", "then", *unsaid).load(schemas.PutLead)
    keeping.edit_lead(actor, lead_id, dict.fromkeys(_EMPTIED) | given, form.values.get("version", ""))
    flash(_("The changes are kept."))
    page = "offer_of_lead" if form.values.get("then") == "offer" else "lead"
    return url_for(f"leads_pages.{page}", lead_id=lead_id)


@pages.act("/leads/<uuid:lead_id>/discard", scope="leads:write", again=lead)
def discard_lead(actor: Actor, lead_id: UUID, form: Form) -> str:
    """Discard a lead that no partner ever heard of."""
    keeping.discard_lead(actor, lead_id, form.values.get("version", ""))
    flash(_("The lead is discarded."))
    return url_for("leads_pages.leads")


def _filled(found: Lead, version: str, then: str) -> Form:
    """Return the form as the lead fills it in."""
    told: dict[str, Any] = {name: getattr(found, name) for name in (*_PLAIN, "owner_id")}
    if found.value:
        written = amounts.written(found.value, get_locale() or Locale("en"))
        told |= {"value.amount": written, "value.currency": found.value.currency}
    values = {name: str(value) for name, value in told.items() if value is not None}
    chosen = {"contact_channels": found.contact_channels or ()}
    return Form(values | {"version": version, "then": then}, chosen)
