"""Shapes of an import: how a file is to be read, and what was done."""

from flask_smorest.fields import Upload
from marshmallow import fields

from partnercrm.web.shapes import QueryWhole, Shape, Text


class ImportForm(Shape):
    """How to read a CSV file of leads."""

    connector = Text(most=60, example="crm", required=True)
    mapping = Text(
        most=4000,
        example="external_id=opportunity_id,company_name=account,need=product",
        required=True,
        metadata={
            "description": "By commas or lines: field=column, field:=constant, field~wrong=right to mend a spelling, "
            "only=column:value|value (or only=column:*) to take some rows."
        },
    )
    dry_run = fields.Boolean(
        load_default=False,
        truthy={"true", "1", "on", True},
        falsy={"false", "0", False},
        metadata={"example": True, "description": "Check everything, apply nothing."},
    )
    file = Upload(metadata={"example": "leads.csv"})


class ImportView(Shape):
    """What an import did, or would do."""

    rows = QueryWhole(least=0, most=10**9, example=8800, required=True)
    entered = QueryWhole(least=0, most=10**9, example=8800, required=True)
    updated = QueryWhole(least=0, most=10**9, example=0, required=True)
    skipped = QueryWhole(least=0, most=10**9, example=0, required=True)
    dry_run = fields.Boolean(required=True, metadata={"example": False})
