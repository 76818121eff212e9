"""The wrong rows of an import as a file: the cells as they were sent, and what is wrong with them."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

from partnercrm.integrations.models import FileImport, Staged
from partnercrm.integrations.neutralising import MARK, marks, neutral
from partnercrm.integrations.queries import imports
from partnercrm.integrations.reading import Record, records
from partnercrm.kernel.actor import Actor

_PART: Final = 500
_REMARK: Final = "What is not right"


class Offending:
    """One way through the file, part by part."""

    def __init__(self, of: FileImport) -> None:
        self._import_id, self._header = of.id, [*map(neutral, of.header)]
        self._columns = [*self._header, *[MARK] * (MARK not in self._header)]
        rows = records(imports.pieces(of), of.encoding, of.delimiter)
        self._rows: Iterator[Record] = islice(rows, of.has_header, None)
        self._place = 0
        self._wrote_header = False

    def part(self, actor: Actor) -> str | None:
        """Return the next wrong rows as CSV, the columns' names before the first; None at the end."""
        of = imports.file_import(actor, self._import_id)
        found = imports.wrong_rows_after(of, self._place, _PART)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        if not self._wrote_header:
            writer.writerow([*self._columns, _REMARK])
            self._wrote_header = True
        elif not found:
            return None
        for row in found:
            writer.writerow(self._written(self._cells(row.number), _remark(row)))
        return text.getvalue()

    def _written(self, cells: list[str], remark: str) -> list[str]:
        """Return a row: its cells, which of them were neutralised, the remark, and cells that have no column."""
        shown, width = [*map(neutral, cells)], len(self._header)
        row = shown[:width] + [""] * (len(self._columns) - len(shown[:width]))
        place = self._columns.index(MARK)
        # A file of ours was neutralised before, and says where.
        row[place] = " ".join([*row[place].split(), *marks(self._header, cells)])
        return [*row, remark, *shown[width:]]

    def _cells(self, number: int) -> list[str]:
        """Return the cells of a row behind the present place; none once the file was forgotten."""
        cells: list[str] = []
        with suppress(StopIteration):
            while self._place < number:
                cells = next(self._rows).cells
                self._place += 1
        self._place = number
        return cells


def _remark(row: Staged) -> str:
    return "; ".join(f"{fault['field']}: {fault['message']}" for fault in row.faults or ())
