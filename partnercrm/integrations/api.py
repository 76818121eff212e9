"""Imports and exports over the API: a file sent, read as one says, run as a job, undone; what one sees as a file."""

from functools import partial
from typing import IO, Any
from uuid import UUID

from flask import Response, request

from partnercrm.enablement.errors import ResultDiffers
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.integrations import schemas
from partnercrm.integrations.actions import at_once, deciding, results, uploading
from partnercrm.integrations.contents import ANY_KIND
from partnercrm.integrations.errors import ImportNotPossible, ImportNotUnderstood, TooManyColumns
from partnercrm.integrations.models import FileImport
from partnercrm.integrations.queries import exports, imports, offending, previews
from partnercrm.kernel.actor import Actor
from partnercrm.leads.errors import RowsRefused
from partnercrm.web import downloads
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door(
    "integrations",
    prefix="/api/v1",
    description="Files of leads, accounts and results in, files of leads, accounts and offers out.",
)


@api.post(
    "/imports",
    scope=ANY_KIND,
    form=schemas.SendFile,
    answers=schemas.FileImportView,
    status=201,
    refuses=(TooManyColumns,),
    rechecks=imports.file_import,
)
def send_file(actor: Actor, given: dict[str, Any]) -> FileImport:
    """Send a file of leads or accounts (part `file`); the answer says how it seems to be written."""
    return uploading.send_file(actor, *_upload(), given)


@api.post(
    "/leads/import",
    scope="leads:write",
    form=schemas.ImportForm,
    answers=schemas.ImportView,
    refuses=(RowsRefused, ImportNotUnderstood, TooManyColumns),
)
def import_leads(actor: Actor, given: dict[str, Any]) -> at_once.Imported:
    """Import a CSV file (part `file`) by (connector, external id): all rows or none, errors by line and column."""
    return at_once.import_at_once(actor, *_upload(), given, schemas.row_reader)


@api.post(
    "/enablement-results/import",
    scope="enablement:all",
    form=schemas.ImportResults,
    answers=schemas.ImportedResultsView,
    refuses=(RowsRefused, TooManyColumns, ResultDiffers),
)
def import_enablement_results(actor: Actor, given: dict[str, Any]) -> results.Entered:
    """Import a learning system's results (part `file`) by (connector, external id): all rows or none, each once."""
    return results.import_results(actor, _upload()[0], given)


@api.get("/imports", scope=ANY_KIND, answers=schemas.FileImportView, query=schemas.ImportsQuery, pages=True)
def list_imports(actor: Actor, query: dict[str, Any]) -> Page:
    """List your imports of what you may enter; those who oversee leads list the whole organization's."""
    return imports.imports(actor, query)


@api.get("/imports/<uuid:import_id>", scope=ANY_KIND, answers=schemas.FileImportView)
def read_import(actor: Actor, import_id: UUID) -> FileImport:
    """Read where an import stands."""
    return imports.file_import(actor, import_id)


@api.patch(
    "/imports/<uuid:import_id>",
    scope=ANY_KIND,
    body=schemas.ChooseReading,
    answers=schemas.FileImportView,
    refuses=(ImportNotPossible, ImportNotUnderstood, TooManyColumns),
    rechecks=imports.file_import,
)
def choose_reading(actor: Actor, import_id: UUID, given: dict[str, Any], expected: str) -> FileImport:
    """Say how the file is to be read, and which column is which field."""
    return deciding.choose_reading(actor, import_id, given, expected)


@api.get("/imports/<uuid:import_id>/preview", scope=ANY_KIND, answers=schemas.PreviewView)
def preview_import(actor: Actor, import_id: UUID) -> previews.Preview:
    """Read the first rows as they would be entered."""
    return previews.preview(actor, imports.file_import(actor, import_id), schemas.row_reader)


@api.post(
    "/imports/<uuid:import_id>/start",
    scope=ANY_KIND,
    body=schemas.StartImport,
    answers=schemas.FileImportView,
    refuses=(ImportNotPossible, ImportNotUnderstood),
    rechecks=imports.file_import,
)
def start_import(actor: Actor, import_id: UUID, given: dict[str, Any]) -> FileImport:
    """Check every row in the background, then enter them all; a wrong row keeps all out unless you leave it out."""
    return deciding.start_import(actor, import_id, given)


@api.post(
    "/imports/<uuid:import_id>/resume",
    scope=ANY_KIND,
    answers=schemas.FileImportView,
    refuses=(ImportNotPossible,),
    rechecks=imports.file_import,
)
def resume_import(actor: Actor, import_id: UUID) -> FileImport:
    """Go on with an import that failed, after the last rows that were checked."""
    return deciding.resume_import(actor, import_id)


@api.post(
    "/imports/<uuid:import_id>/cancel",
    scope=ANY_KIND,
    answers=schemas.FileImportView,
    refuses=(ImportNotPossible,),
    rechecks=imports.file_import,
)
def cancel_import(actor: Actor, import_id: UUID) -> FileImport:
    """End an import before it enters anything; the file is deleted."""
    return deciding.cancel_import(actor, import_id)


@api.post(
    "/imports/<uuid:import_id>/undo",
    scope=ANY_KIND,
    answers=schemas.FileImportView,
    refuses=(ImportNotPossible,),
    rechecks=imports.file_import,
)
def undo_import(actor: Actor, import_id: UUID) -> FileImport:
    """Take an import back within 30 days, as far as nobody touched since what it entered or changed."""
    return deciding.undo_import(actor, import_id)


@api.get(
    "/imports/<uuid:import_id>/wrong-rows",
    scope=ANY_KIND,
    answers=schemas.WrongRowView,
    query=schemas.WrongRowsQuery,
    pages=True,
)
def list_wrong_rows(actor: Actor, import_id: UUID, query: dict[str, Any]) -> Page:
    """List the rows that cannot be entered, each with what is wrong."""
    return imports.wrong_rows(actor, import_id, query)


@api.get("/imports/<uuid:import_id>/wrong-rows.csv", scope=ANY_KIND, files=("text/csv",))
def export_wrong_rows(actor: Actor, import_id: UUID) -> Response:
    """Read the rows that cannot be entered as a CSV file with the columns sent, to be mended and sent again."""
    found = offending.Offending(imports.file_import(actor, import_id))
    return downloads.file(actor, "wrong-rows.csv", "text/csv", found.part)


@api.get(
    "/leads/export",
    scope="leads:read",
    query=schemas.ExportQuery,
    files=tuple(schemas.KINDS.values()),
    refuses=(FiguresArePrivate,),
)
def export_leads(actor: Actor, query: dict[str, Any]) -> Response:
    """Read all leads you see as a file; formulas in texts are neutralised, and an import undoes that."""
    form = query["format"]
    return downloads.whole_list(actor, schemas.LEADS, form, read=exports.leads, headers=exports.heads(actor))


@api.get(
    "/accounts/export",
    scope="accounts:read",
    query=schemas.ExportQuery,
    files=tuple(schemas.KINDS.values()),
    refuses=(FiguresArePrivate,),
)
def export_accounts(actor: Actor, query: dict[str, Any]) -> Response:
    """Read all accounts you see as a file; formulas in texts are neutralised, and an import undoes that."""
    form = query["format"]
    return downloads.whole_list(actor, schemas.ACCOUNTS, form, read=exports.accounts, headers=exports.heads(actor))


@api.get(
    "/mappings/<uuid:mapping_id>/overlaps/export",
    scope="accounts:read",
    query=schemas.ExportQuery,
    files=tuple(schemas.KINDS.values()),
)
def export_overlaps(actor: Actor, mapping_id: UUID, query: dict[str, Any]) -> Response:
    """Read the companies both sides have as a file: the same bytes for both sides, no side's own accounts in it."""
    read = partial(exports.overlaps, mapping_id=mapping_id)
    return downloads.whole_list(actor, schemas.OVERLAPS, query["format"], read=read, headers={})


@api.get("/offers/export", scope="leads:read", query=schemas.OfferExportQuery, files=tuple(schemas.KINDS.values()))
def export_offers(actor: Actor, query: dict[str, Any]) -> Response:
    """Read all offers you see as a file, with their details where they are open to your side."""
    form = query["format"]
    read = partial(exports.offers, direction=query.get("direction"))
    return downloads.whole_list(actor, schemas.OFFERS, form, read=read, headers=exports.heads(actor))


@api.get(
    "/partnerships/<uuid:partnership_id>/reciprocity/steps",
    scope="reports:read",
    query=schemas.RecordExportQuery,
    files=tuple(schemas.KINDS.values()),
)
def export_record(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Response:
    """Read every step behind the reciprocity report as a file: the same bytes for both sides, enough to recount it."""
    record = exports.record(actor, partnership_id, query)
    told = {"Record-As-Of": record.as_of.isoformat()}
    return downloads.whole_list(actor, schemas.RECORD, query["format"], read=record.entries, headers=told)


def _upload() -> tuple[IO[bytes] | None, str]:
    """Return the file that was sent and its name; None without one."""
    upload = request.files.get("file")
    return (upload.stream, upload.filename or "") if upload else (None, "")
