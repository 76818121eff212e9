"""Exports behind buttons, and the buttons on the page of one's leads."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.integrations import schemas
from partnercrm.integrations.pages.blueprint import pages
from partnercrm.integrations.queries import exports
from partnercrm.kernel.actor import Actor
from partnercrm.web import downloads
from partnercrm.web.page import Form


@pages.panel("leads")
def files(actor: Actor) -> str:
    """Lead from one's leads to their import and export."""
    return render_template("integrations/ways.html", links=_links("export_leads"), may_import=actor.has("leads:write"))


@pages.panel("offers")
def offers_as_file(actor: Actor) -> str:
    """Lead from offers to their export."""
    return render_template("integrations/ways.html", links=_links("export_offers"), may_import=False)


@pages.panel("reciprocity")
def record_as_file(actor: Actor, report: Any, as_of: datetime | None) -> str:
    """Lead from a report to the record behind it; of a report of now, to what is recorded when it is asked for."""
    asked_as_of = as_of.isoformat() if as_of else None
    of = {"partnership_id": report.partnership_id, "as_of": asked_as_of, "currency": report.reckoning.currency}
    return render_template("integrations/ways.html", links=_links("export_record", **of), may_import=False)


def _links(endpoint: str, **of: Any) -> list[tuple[str, str]]:
    forms = (("csv", _("Export as CSV")), ("jsonl", _("Export as JSON lines")))
    return [(url_for(f"{pages.name}.{endpoint}", format=form, **of), words) for form, words in forms]


@pages.show("/leads/export", scope="leads:read")
def export_leads(actor: Actor) -> AnyResponse:
    """Give out all leads the visitor sees."""
    form = Form.asked().load(schemas.ExportQuery)["format"]
    return downloads.whole_list(actor, schemas.LEADS, form, read=exports.leads, headers=exports.heads(actor))


@pages.show("/offers/export", scope="leads:read")
def export_offers(actor: Actor) -> AnyResponse:
    """Give out all offers the visitor sees."""
    asked = Form.asked().load(schemas.OfferExportQuery)
    form = asked["format"]
    read = partial(exports.offers, direction=asked.get("direction"))
    return downloads.whole_list(actor, schemas.OFFERS, form, read=read, headers=exports.heads(actor))


@pages.show("/partnerships/<uuid:partnership_id>/reciprocity/steps", scope="reports:read")
def export_record(actor: Actor, partnership_id: UUID) -> AnyResponse:
    """Give out every step behind the report."""
    asked = Form.asked().load(schemas.RecordExportQuery)
    record = exports.record(actor, partnership_id, asked)
    told = {"Record-As-Of": record.as_of.isoformat()}
    return downloads.whole_list(actor, schemas.RECORD, asked["format"], read=record.entries, headers=told)
