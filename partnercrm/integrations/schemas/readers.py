"""Which reader reads the rows of which kind of things."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from partnercrm.integrations.contents import ImportKind, Kind
from partnercrm.integrations.mapping import ColumnMapping
from partnercrm.integrations.reading import Reading
from partnercrm.integrations.schemas.account_rows import AccountReader
from partnercrm.integrations.schemas.lead_rows import LeadReader
from partnercrm.integrations.schemas.rows import RowReader

_READERS: Final[Mapping[ImportKind, type[RowReader]]] = {
    ImportKind.LEADS: LeadReader,
    ImportKind.ACCOUNTS: AccountReader,
}


def row_reader(kind: Kind, mapping: ColumnMapping, header: Sequence[str], reading: Reading, today: date) -> RowReader:
    """Return what reads the rows of a file as things of this kind."""
    return _READERS[kind.name](kind, mapping, header, reading, today)
