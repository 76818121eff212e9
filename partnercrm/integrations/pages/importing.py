"""The way of a file: chosen, read as the visitor says, shown, checked, entered, undone."""

from datetime import timedelta
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.integrations import mapping as columns
from partnercrm.integrations import problems, schemas
from partnercrm.integrations.actions import deciding, uploading
from partnercrm.integrations.contents import ANY_KIND, KINDS, Kind
from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.integrations.pages.blueprint import pages
from partnercrm.integrations.queries import imports, offending, previews
from partnercrm.integrations.reading import ENCODINGS, DateForm, DecimalMark
from partnercrm.integrations.words import DELIMITERS, FIELDS
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.web import downloads, frame
from partnercrm.web.page import Form

_AT_WORK: Final = frozenset({ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING})
_COLUMN, _VALUE = "column.", "always."


@pages.show("/imports", scope=ANY_KIND)
def import_form(actor: Actor, form: Form | None = None) -> str:
    """Show where a file is chosen, and what became of earlier ones."""
    asked = Form.asked()
    found = imports.imports(actor, asked.load(schemas.ImportsQuery))
    kinds = [kind.name for kind in KINDS.values() if actor.has(kind.scope)]
    first_url, next_url = asked.pages("integrations_pages.import_form", found.next)
    return render_template(
        "integrations/imports.html",
        form=form or Form({"kind": asked.values.get("kind", kinds[0])}),
        kinds=frame.choices(kinds),
        imports=found.items,
        first_url=first_url,
        next_url=next_url,
    )


@pages.act("/imports", scope=ANY_KIND, again=import_form, takes_files=True)
def send_file(actor: Actor, form: Form) -> str:
    """Take a file in; nothing of it is entered yet."""
    upload = request.files.get("file")
    wrong = [] if upload and upload.filename else [FieldError("file", _("Choose the file."))]
    try:
        given = form.load(schemas.SendFile)
    except Invalid as refusal:
        raise Invalid([*wrong, *refusal.errors]) from refusal
    if not upload or wrong:
        raise Invalid(wrong)
    sent = uploading.send_file(actor, cast("BinaryIO", upload.stream), upload.filename or "", given)
    return url_for("integrations_pages.file_import", import_id=sent.id)


@pages.show("/imports/<uuid:import_id>", scope=ANY_KIND)
def file_import(actor: Actor, import_id: UUID, form: Form | None = None) -> str:
    """Show an import where it stands, with what can be done next."""
    one = imports.file_import(actor, import_id)
    state = ImportState
    shown: dict[str, Any] = {"one": one, "form": _form(one, form), "is_at_work": one.state in _AT_WORK}
    shown["problem"] = problems.known(one.problem) if one.problem else None
    if one.state is state.READY:
        preview = previews.preview(actor, one, schemas.row_reader)
        told = {name for row in preview.rows for name in row.told}
        known = imports.remembered(actor, one.kind, one.connector, one.header)
        shown["remembered_at"] = known.saved_at if known and known.mapping == one.mapping else None
        shown |= _choices(one) | {
            "preview": preview,
            "told": [pair for pair in FIELDS[one.kind].items() if pair[0] in told],
        }
    if one.state is state.CHECKED and one.wrong:
        shown["wrong"] = imports.wrong_rows_after(one, 0, imports.SHOWN)
    if one.state is state.UNDONE:
        shown["kept_count"], shown["kept"] = imports.not_undone(one)
    if one.state is state.APPLIED and one.ended_at:
        until = deciding.undone_until(actor, one.ended_at)
        shown["undo_until"] = until - timedelta(days=1) if until > clock.now() else None
    return render_template("integrations/import.html", **shown)


@pages.act("/imports/<uuid:import_id>/reading", scope=ANY_KIND, again=file_import)
def choose_reading(actor: Actor, import_id: UUID, form: Form) -> str:
    """Read the file as the visitor says."""
    values, one = form.values, imports.file_import(actor, import_id)
    given = Form({"mapping": _mapping(form, one.brings)}).load(schemas.ChooseReading)
    delimiter = DELIMITERS.get(values.get("delimiter", ""))
    if delimiter:
        given["delimiter"] = delimiter[0]
    if values.get("encoding") in ENCODINGS:
        given["encoding"] = values["encoding"]
    given["has_header"] = values.get("has_header") == "true"
    if values.get("decimal_mark") in set(DecimalMark):
        given["decimal_mark"] = DecimalMark(values["decimal_mark"])
    if values.get("date_form") in set(DateForm):
        given["date_form"] = DateForm(values["date_form"])
    deciding.choose_reading(actor, import_id, given, values.get("version", ""))
    return url_for("integrations_pages.file_import", import_id=import_id, _anchor="preview")


@pages.act("/imports/<uuid:import_id>/start", scope=ANY_KIND, again=file_import)
def start_import(actor: Actor, import_id: UUID, form: Form) -> str:
    """Check the rows, and enter them unless this is a trial."""
    deciding.start_import(actor, import_id, Form(dict(form.values)).load(schemas.StartImport))
    return url_for("integrations_pages.file_import", import_id=import_id)


@pages.act("/imports/<uuid:import_id>/resume", scope=ANY_KIND, again=file_import)
def resume_import(actor: Actor, import_id: UUID, form: Form) -> str:
    """Go on with an import that failed."""
    deciding.resume_import(actor, import_id)
    return url_for("integrations_pages.file_import", import_id=import_id)


@pages.act("/imports/<uuid:import_id>/cancel", scope=ANY_KIND, again=file_import)
def cancel_import(actor: Actor, import_id: UUID, form: Form) -> str:
    """End an import that has entered nothing."""
    deciding.cancel_import(actor, import_id)
    flash(_("The import was cancelled; nothing was entered."))
    return url_for("integrations_pages.import_form")


@pages.act("/imports/<uuid:import_id>/undo", scope=ANY_KIND, again=file_import)
def undo_import(actor: Actor, import_id: UUID, form: Form) -> str:
    """Take an import back."""
    deciding.undo_import(actor, import_id)
    return url_for("integrations_pages.file_import", import_id=import_id)


@pages.show("/imports/<uuid:import_id>/wrong-rows.csv", scope=ANY_KIND)
def export_wrong_rows(actor: Actor, import_id: UUID) -> AnyResponse:
    """Give out the rows that cannot be entered, to be mended and sent again."""
    found = offending.Offending(imports.file_import(actor, import_id))
    return downloads.file(actor, "wrong-rows.csv", "text/csv", found.part)


def _form(one: FileImport, sent: Form | None) -> Form:
    """Return the form as the visitor sent it, else as the import is read now."""
    if sent and "version" in sent.values:
        return sent
    mapping = columns.parse(one.mapping, one.brings, whole=False)
    values = {
        "encoding": one.told_encoding or "",
        "delimiter": next(name for name, (sign, _words) in DELIMITERS.items() if sign == one.delimiter),
        "has_header": str(one.has_header).lower(),
        "decimal_mark": one.decimal_mark.value if one.decimal_mark else "",
        "date_form": one.date_form.value if one.date_form else "",
        "mapping": columns.written(columns.ColumnMapping({}, {}, mapping.spellings, mapping.only)),
    }
    values |= {_COLUMN + field: column for field, column in mapping.columns.items()}
    values |= {_VALUE + field: value for field, value in mapping.constants.items()}
    return Form(values | dict(sent.values), errors=sent.errors, problem=sent.problem) if sent else Form(values)


def _choices(one: FileImport) -> dict[str, Any]:
    return {
        "fields": [(name, words, name in one.brings.needed) for name, words in FIELDS[one.kind].items()],
        "columns": [(name, name) for name in one.header],
        "encodings": [(name, name.upper()) for name in dict.fromkeys((*one.encodings, *ENCODINGS))],
        "delimiters": [(name, words) for name, (_sign, words) in DELIMITERS.items()],
        "marks": frame.choices(DecimalMark),
        "date_forms": frame.choices(DateForm),
    }


def _mapping(form: Form, kind: Kind) -> str:
    """Return the mapping that the form's choices make. Raises Invalid."""
    more = columns.parse(form.values.get("mapping", ""), kind, whole=False)
    chosen = {name: form.values[_COLUMN + name] for name in FIELDS[kind.name] if _COLUMN + name in form.values}
    always = {
        name: form.values[_VALUE + name]
        for name in FIELDS[kind.name]
        if _VALUE + name in form.values and name not in chosen
    }
    missing = [name for name in kind.needed if name not in chosen and name not in always]
    if missing:
        raise Invalid([FieldError(_COLUMN + name, _("Say which column it is.")) for name in missing])
    return columns.written(columns.ColumnMapping(chosen, always, more.spellings, more.only))
