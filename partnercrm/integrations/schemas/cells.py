"""The shape of one row of a file: a lead whose cells are all text."""

import re
from collections.abc import Mapping
from typing import Any, Final

from partnercrm.leads.schemas import PutLead
from partnercrm.leads.schemas.keeping import Channels
from partnercrm.web.shapes import Text

BETWEEN: Final = re.compile(r"[\s,;|]+")


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
