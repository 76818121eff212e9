"""Shapes of imports: a file sent, how it is read, what a run would do and what it did."""

from typing import Any, Final

from flask_smorest.fields import Upload
from marshmallow import fields

from partnercrm.integrations.contents import ImportKind
from partnercrm.integrations.models import ASKING, ImportState
from partnercrm.integrations.reading import DELIMITERS, ENCODINGS, OF_ONE_BYTE, DateForm, DecimalMark
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole

_MAPPING: Final = {
    "description": "By commas or lines: field=column, field:=constant, field~wrong=right to mend a spelling, "
    "only=column:value|value (or only=column:*) to take some rows; in quotes what holds one of these signs."
}
_STATE: Final = {"example": "ready", "description": "`asking` while it waits for an answer; what it asks is in `asks`."}
_ASKS: Final = {"description": "The fields that have to be said before the rows are read."}
_ENCODINGS: Final = {"description": "While `encoding` is null: those it can be, the likeliest first."}
_MOST: Final = 10**9


def _one_of(values: tuple[str, ...], **options: Any) -> fields.String:
    metadata = {"example": values[0]} | options.pop("metadata", {})
    return fields.String(validate=limits.OneOf(values), metadata=metadata, **options)


class ReadingFields(Shape):
    """How a file is written."""

    encoding = _one_of(ENCODINGS)
    delimiter = _one_of(DELIMITERS, metadata={"description": "What parts the columns."})
    has_header = Flag(example=True, metadata={"description": "Whether the first row names the columns."})
    decimal_mark = Choice(DecimalMark, metadata={"description": "How amounts are written; plain: whole numbers."})
    date_form = Choice(DateForm, metadata={"description": "How days are written; iso: 2026-03-14."})
    mapping = Text(most=8000, example="external_id=opportunity_id,company_name=account,need=product", metadata=_MAPPING)


class SendFile(ReadingFields):
    """A file of leads or accounts; what is left out is recognised, or known from the last file of this source."""

    kind = Choice(
        ImportKind, load_default=ImportKind.LEADS, metadata={"description": "What the rows are.", "example": "leads"}
    )

    connector = Text(most=60, example="crm", required=True)
    file = Upload(metadata={"example": "opportunity_id,account,product\n1C1I7A6R,Northwind Traders,GTX Plus Basic\n"})


class ImportForm(ReadingFields):
    """A small file of leads, and how to read it; what is left out is recognised where that leaves no doubt."""

    connector = Text(most=60, example="crm", required=True)
    mapping = Text(
        most=8000,
        example="external_id=opportunity_id,company_name=account,need=product",
        required=True,
        metadata=_MAPPING,
    )
    has_header = Flag(
        load_default=True, example=True, metadata={"description": "Whether the first row names the columns."}
    )
    dry_run = Flag(load_default=False, example=True, metadata={"description": "Check everything, apply nothing."})
    file = Upload(metadata={"example": "opportunity_id,account,product\n1C1I7A6R,Northwind Traders,GTX Plus Basic\n"})


class ImportView(Shape):
    """What an import at once did, or would do; by `import_id` it is looked at and undone."""

    import_id = Id(required=True, allow_none=True)
    rows = Whole(least=0, most=_MOST, example=8800, required=True)
    entered = Whole(least=0, most=_MOST, example=8800, required=True)
    updated = Whole(least=0, most=_MOST, example=0, required=True)
    unchanged = Whole(least=0, most=_MOST, example=0, required=True)
    skipped = Whole(least=0, most=_MOST, example=0, required=True)
    dry_run = Flag(required=True, example=False)


class ChooseReading(ReadingFields):
    """How the file is to be read; fields left out stay as they are."""


class StartImport(Shape):
    """How far to go."""

    dry_run = Flag(load_default=False, example=False, metadata={"description": "Check every row, enter nothing."})
    leave_out = Flag(
        load_default=False, example=False, metadata={"description": "Enter the others when some are wrong."}
    )


class FileImportView(Shape):
    """An import and where it stands; counts are those of the last check, or of what was done."""

    id = Id(required=True)
    kind = Choice(ImportKind, required=True, metadata={"example": "leads"})
    connector = Text(most=60, example="crm", required=True)
    file_name = Text(most=200, example="leads.csv", required=True)
    file_bytes = Whole(least=0, most=_MOST, example=5120, required=True)
    state = _one_of((ASKING, *ImportState), required=True, attribute="stands", metadata=_STATE)
    asks = fields.List(fields.String(metadata={"example": "encoding"}), required=True, metadata=_ASKS)
    percent = Whole(least=0, most=100, example=100, required=True)
    encoding = _one_of(ENCODINGS, required=True, allow_none=True, attribute="told_encoding")
    encodings = fields.List(_one_of(ENCODINGS), required=True, metadata=_ENCODINGS)
    delimiter = _one_of(DELIMITERS, required=True)
    has_header = Flag(example=True, required=True)
    decimal_mark = Choice(DecimalMark, required=True, allow_none=True)
    date_form = Choice(DateForm, required=True, allow_none=True)
    header = fields.List(fields.String(metadata={"example": "account"}), required=True)
    mapping = fields.String(required=True, metadata={"example": "company_name=account"})
    dry_run = Flag(example=False, required=True)
    leave_out = Flag(example=False, required=True)
    rows = Whole(least=0, most=_MOST, example=8800, required=True)
    skipped = Whole(least=0, most=_MOST, example=0, required=True)
    wrong = Whole(least=0, most=_MOST, example=2, required=True)
    entered = Whole(least=0, most=_MOST, example=8798, required=True)
    updated = Whole(least=0, most=_MOST, example=0, required=True)
    unchanged = Whole(least=0, most=_MOST, example=0, required=True)
    problem = fields.String(required=True, allow_none=True, metadata={"example": None})
    created_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class ImportsQuery(ListQuery):
    """Orders of imports."""

    sort = sort_field("-created_at", "created_at")
    kind = Choice(ImportKind)


class FaultView(Shape):
    """What is wrong with one cell."""

    field = fields.String(required=True, metadata={"example": "country"})
    message = fields.String(required=True, metadata={"example": "This is not an ISO 3166-1 alpha-2 country code."})
    column = Whole(least=1, most=_MOST, example=4, required=True)


class WrongRowView(Shape):
    """A row that cannot be entered; `line` is the one it begins in."""

    number = Whole(least=1, most=_MOST, example=17, required=True)
    line = Whole(least=1, most=_MOST, example=18, required=True)
    faults = fields.List(fields.Nested(FaultView), required=True)


class WrongRowsQuery(ListQuery):
    """Which wrong rows."""

    sort = sort_field("number")


class PreviewRowView(Shape):
    """A row of the file as it would be entered."""

    line = Whole(least=1, most=_MOST, example=2, required=True)
    outcome = fields.String(
        required=True,
        validate=limits.OneOf(("new", "updated", "unchanged", "left_out", "wrong")),
        metadata={"example": "new"},
    )
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        data_key="fields",
        attribute="told",
        metadata={"example": {"company_name": "Northwind Traders"}},
    )
    faults = fields.List(fields.Nested(FaultView), required=True)


class ReadingView(Shape):
    """A part of a line as one encoding reads it."""

    encoding = _one_of(OF_ONE_BYTE, required=True)
    text = fields.String(required=True, metadata={"example": "1,Peña"})


class DecidingLineView(Shape):
    """A line that the encodings in question read differently."""

    line = Whole(least=1, most=_MOST, example=2, required=True)
    readings = fields.List(fields.Nested(ReadingView), required=True)


class PreviewView(Shape):
    """The first rows of the file, read as it is now said."""

    rows = fields.List(fields.Nested(PreviewRowView), required=True)
    deciding_lines = fields.List(fields.Nested(DecidingLineView), required=True)
    problem = fields.String(required=True, allow_none=True, metadata={"example": None})
