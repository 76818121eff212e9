"""Shapes of an import: how a file is to be read, and what was done."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask_smorest.fields import Upload

from partnercrm.leads.schemas.keeping import Channels, PutLead
from partnercrm.web.shapes import Flag, Shape, Text, Whole

BETWEEN: Final = re.compile(r"[\s,;|]+")


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
    dry_run = Flag(load_default=False, example=True, metadata={"description": "Check everything, apply nothing."})
    file = Upload(metadata={"example": "opportunity_id,account,product\n1C1I7A6R,Northwind Traders,GTX Plus Basic\n"})


class _ChannelsCell(Channels):
    """Channels in one cell of a file, between them commas, semicolons, bars or spaces."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        cut = BETWEEN.split(value.strip()) if isinstance(value, str) else value
        return super()._deserialize(cut, attr, data, **kwargs)


class ImportedLead(PutLead):
    """One row of the file."""

    contact_channels = _ChannelsCell()
    external_id = Text(most=200, example="1C1I7A6R", required=True)
    owner_email = Text(most=254, example="dana@globex.example")


class ImportView(Shape):
    """What an import did, or would do."""

    rows = Whole(least=0, most=10**9, example=8800, required=True)
    entered = Whole(least=0, most=10**9, example=8800, required=True)
    updated = Whole(least=0, most=10**9, example=0, required=True)
    skipped = Whole(least=0, most=10**9, example=0, required=True)
    dry_run = Flag(required=True, example=False)
