"""Shapes of exports: which rows, in which form."""

from marshmallow import fields, validate

from partnercrm.web.shapes import Shape


def _format() -> fields.String:
    return fields.String(
        load_default="csv",
        validate=validate.OneOf(("csv", "jsonl")),
        metadata={"example": "csv", "description": "csv: UTF-8 with commas; jsonl: one JSON object a line."},
    )


class ExportQuery(Shape):
    """In which form leads are exported."""

    format = _format()


class OfferExportQuery(ExportQuery):
    """Which offers are exported."""

    direction = fields.String(validate=validate.OneOf(("given", "received")), metadata={"example": "given"})
