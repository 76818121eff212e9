"""The organization's own leads, and their import from a CSV file."""

from typing import Any, BinaryIO, Final, cast

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.leads import mapping, schemas
from partnercrm.leads.actions import importing
from partnercrm.leads.actions.importing import Imported
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, OfferStatus
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import own
from partnercrm.web import frame
from partnercrm.web.page import Form

_MAPPING: Final = "external_id = id\ncompany_name = account\nneed = product\n"


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
    )


@pages.show("/leads/import", scope="leads:write")
def import_form(actor: Actor, form: Form | None = None, done: Imported | None = None) -> str:
    """Show the form of an import, and the places of a refused file."""
    form = form or Form({"mapping": _MAPPING, "dry_run": "true"})
    errors = [error for errors in form.errors.values() for error in errors]
    in_file = [error for error in errors if error.line]
    in_form = [error for error in errors if not error.line]
    return render_template(
        "leads/import.html",
        form=form.refused(Invalid(in_form)) if in_file else form,
        problems=sorted(in_file, key=lambda error: (error.line or 0, error.column or 0)),
        done=done,
        fields=[(name, name in mapping.REQUIRED) for name in sorted(mapping.FIELDS)],
    )


@pages.act("/leads/import", scope="leads:write", again=import_form, takes_files=True)
def import_leads(actor: Actor, form: Form) -> AnyResponse | str:
    """Import a file, or try whether it would be taken."""
    source, given = _sent(form)
    done = importing.import_leads(actor, source, given, read=schemas.ImportedLead().load)
    if done.dry_run:
        return make_response(import_form(actor, form=form, done=done))
    flash(ngettext("%(num)d row was imported.", "%(num)d rows were imported.", done.entered + done.updated))
    return url_for("leads_pages.leads")


def _sent(form: Form) -> tuple[BinaryIO, dict[str, Any]]:
    upload = request.files.get("file")
    wrong = [] if upload and upload.filename else [FieldError("file", _("Choose the file."))]
    try:
        given = form.load(schemas.ImportForm)
    except Invalid as refusal:
        raise Invalid([*wrong, *refusal.errors]) from refusal
    if not upload or wrong:
        raise Invalid(wrong)
    return cast("BinaryIO", upload.stream), given
