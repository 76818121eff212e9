"""Shapes of files that are put to deals."""

from flask_smorest.fields import Upload
from marshmallow import fields

from partnercrm.deals.attachments import FileKind
from partnercrm.deals.schemas.working import DealPersonView
from partnercrm.web.paging import ListQuery
from partnercrm.web.shapes import Choice, Id, Moment, Shape, Text, Whole


class AttachFile(Shape):
    """A file for both sides: PDF, pictures, office files without macros, or text."""

    file = Upload(metadata={"example": "Notes of the workshop."})


class DealFileView(Shape):
    """A file that lies with a deal, as both sides read it; its bytes are at `/deal-files/{id}/content`."""

    id = Id(required=True)
    deal_id = Id(required=True)
    organization_id = Id(required=True)
    author = fields.Nested(DealPersonView, required=True)
    name = Text(most=150, example="Workshop notes.pdf", required=True)
    kind = Choice(FileKind, required=True)
    media_type = Text(most=100, example="application/pdf", required=True)
    size = Whole(least=1, most=2**40, example=52_480, required=True)
    digest = Text(
        least=64,
        most=64,
        example="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        required=True,
        metadata={"description": "SHA-256 of the bytes."},
    )
    added_at = Moment(required=True)


class DealFileQuery(ListQuery):
    """Which files of a deal, newest first."""
