"""Exports behind buttons, and the buttons on the page of one's leads."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.integrations import schemas
from partnercrm.integrations.contents import ACCOUNTS, LEADS, ImportKind, Kind
from partnercrm.integrations.pages.blueprint import pages
from partnercrm.integrations.queries import exports
from partnercrm.kernel.actor import Actor
from partnercrm.web import downloads
from partnercrm.web.page import Form


@pages.panel("leads")
def files(actor: Actor) -> str:
    """Lead from one's leads to their import and export."""
    return _ways("export_leads", LEADS if actor.has(LEADS.scope) else None)


@pages.panel("accounts")
def accounts_as_file(actor: Actor) -> str:
    """Lead from accounts to their import and export."""
    return _ways("export_accounts", ACCOUNTS if actor.has(ACCOUNTS.scope) else None)


@pages.panel("overlaps")
def overlaps_as_file(actor: Actor, mapping_id: UUID) -> str:
    """Lead from the companies both sides have to their export."""
    return _ways("export_overlaps", None, mapping_id=mapping_id)


@pages.panel("offers")
def offers_as_file(actor: Actor) -> str:
    """Lead from offers to their export."""
    return _ways("export_offers", None)


@pages.panel("reciprocity")
def record_as_file(actor: Actor, report: Any, as_of: datetime | None) -> str:
    """Lead from a report to the record behind it; of a report of now, to what is recorded when it is asked for."""
    asked_as_of = as_of.isoformat() if as_of else None
    of = {"partnership_id": report.partnership_id, "as_of": asked_as_of, "currency": report.reckoning.currency}
    return _ways("export_record", None, **of)


def _ways(endpoint: str, kind: Kind | None, **of: Any) -> str:
    """Return the ways to a list's files, and to the import of its kind where one may bring it in."""
    forms = (("csv", _("Export as CSV")), ("jsonl", _("Export as JSON lines")))
    links = [(url_for(f"{pages.name}.{endpoint}", format=form, **of), words) for form, words in forms]
    if kind:
        words = {ImportKind.LEADS: _("Import leads"), ImportKind.ACCOUNTS: _("Import accounts")}[kind.name]
        links.append((url_for(f"{pages.name}.import_form", kind=kind.name), words))
    return render_template("integrations/ways.html", links=links)


@pages.show("/leads/export", scope="leads:read")
def export_leads(actor: Actor) -> AnyResponse:
    """Give out all leads the visitor sees."""
    form = Form.asked().load(schemas.ExportQuery)["format"]
    return downloads.whole_list(actor, schemas.LEADS, form, read=exports.leads, headers=exports.heads(actor))


@pages.show("/accounts/export", scope="accounts:read")
def export_accounts(actor: Actor) -> AnyResponse:
    """Give out all accounts of the visitor's organization."""
    form = Form.asked().load(schemas.ExportQuery)["format"]
    return downloads.whole_list(actor, schemas.ACCOUNTS, form, read=exports.accounts, headers=exports.heads(actor))


@pages.show("/mappings/<uuid:mapping_id>/overlaps/export", scope="accounts:read")
def export_overlaps(actor: Actor, mapping_id: UUID) -> AnyResponse:
    """Give out the companies both sides have, the same to either."""
    form = Form.asked().load(schemas.ExportQuery)["format"]
    read = partial(exports.overlaps, mapping_id=mapping_id)
    return downloads.whole_list(actor, schemas.OVERLAPS, form, read=read, headers={})


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
