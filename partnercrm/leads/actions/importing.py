"""Importing leads from a CSV file: streamed, checked row by row, applied all or none."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, Any, Final, cast

from marshmallow import ValidationError

from partnercrm.calendars import queries as calendars
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.leads import contacts
from partnercrm.leads import mapping as columns
from partnercrm.leads.actions.keeping import upsert
from partnercrm.leads.errors import RowsRefused
from partnercrm.leads.mapping import ColumnMapping
from partnercrm.leads.queries import own

BATCH: Final = 1000
MOST_ERRORS: Final = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    rows: int
    entered: int
    updated: int
    skipped: int
    dry_run: bool


class _Reader:
    """Rows of the file as leads; wrong ones become errors with line and column, from 1."""

    def __init__(self, actor: Actor, source: IO[bytes], mapping: ColumnMapping, read: Callable[..., Any]) -> None:
        self._source = source
        self._text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="strict", newline="")
        self._mapping, self._read = mapping, read
        self._owners, self._today = own.owners_by_email(actor), calendars.today(actor)
        self._keys: dict[str, int] = {}
        self._wrong_constants: set[str] = set()
        self.errors: list[FieldError] = []
        self.rows = self.skipped = 0

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        batch: list[dict[str, Any]] = []
        for item in self._items():
            batch.append(item)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
        # The file is its opener's to close.
        self._text.detach()

    def _items(self) -> Iterator[dict[str, Any]]:
        try:
            reader = csv.DictReader(self._text, strict=True)
            header = list(reader.fieldnames or [])
            if wrong := columns.unread_header(header) or columns.missing_columns(self._mapping, header):
                raise RowsRefused(wrong)
            for cells in reader:
                self.rows += 1
                # A row with cells of several lines is known by the line it begins in.
                line = reader.line_num - sum(cell.count("\n") for cell in cells.values() if isinstance(cell, str))
                if None in cells or None in cells.values():
                    self._wrong(line, 1, "row", f"This row does not have {len(header)} cells.")
                elif not self._mapping.takes(cells):
                    self.skipped += 1
                elif (item := self._item(cells, line, header)) is not None:
                    yield item
                if len(self.errors) >= MOST_ERRORS:
                    raise RowsRefused(self.errors)
        except UnicodeDecodeError as error:
            raise RowsRefused([self._not_utf8()]) from error
        except csv.Error as error:
            raise RowsRefused([FieldError("file", f"The file is not CSV: {error}.", line=reader.line_num)]) from error

    def _item(self, cells: Mapping[str, str], line: int, header: list[str]) -> dict[str, Any] | None:
        before = len(self.errors)
        item = self._loaded(self._mapping.row(cells), line, header)
        if contacts.is_to_come(item, self._today):
            self._wrong(line, self._column("contact_informed_on", header), "contact_informed_on", contacts.TO_COME)
        key, owner = item.get("external_id", ""), item.pop("owner_email", None)
        if key in self._keys:
            message = f"The key {key!r} stands in line {self._keys[key]} already."
            self._wrong(line, self._column("external_id", header), "external_id", message)
        elif key:
            self._keys[key] = line
        if owner is not None:
            item["owner_id"] = self._owners.get(owner.lower())
            if item["owner_id"] is None:
                message = f"Nobody in your organization has the address {owner!r}."
                self._wrong(line, self._column("owner_email", header), "owner_email", message)
        return item if len(self.errors) == before else None

    def _loaded(self, fields: Mapping[str, str], line: int, header: list[str]) -> dict[str, Any]:
        shaped: dict[str, Any] = {name: value for name, value in fields.items() if "." not in name}
        if "value.amount" in fields:
            shaped["value"] = {
                "amount": fields["value.amount"],
                "currency": fields.get("value.currency", ""),
            }
        try:
            loaded: dict[str, Any] = self._read(shaped)
        except ValidationError as error:
            for name, message in _flat(error.messages):
                self._wrong(line, self._column(name, header), name, message)
            return cast("dict[str, Any]", error.valid_data)
        return loaded

    def _column(self, field: str, header: list[str]) -> int:
        column = self._mapping.columns.get(field)
        return header.index(column) + 1 if column in header else 1

    def _wrong(self, line: int, column: int, field: str, message: str) -> None:
        if field not in self._mapping.constants:
            self.errors.append(FieldError(field, message, line=line, column=column))
        elif field not in self._wrong_constants:
            self._wrong_constants.add(field)
            constant = self._mapping.constants[field][: columns.LONGEST_TOLD]
            self.errors.append(FieldError("mapping", f"{field}:={constant}: {message}"))

    def _not_utf8(self) -> FieldError:
        self._source.seek(0)
        line = next(number for number, raw in enumerate(self._source, 1) if not _is_utf8(raw))
        return FieldError("file", "This line is not UTF-8. Save the file as CSV in UTF-8.", line=line)


def import_leads(
    actor: Actor, source: IO[bytes] | None, given: Mapping[str, Any], *, read: Callable[..., Any]
) -> Imported:
    """Import a CSV file of leads under `given["connector"]`; nothing is applied when a row is wrong, or in a dry run.

    `read` turns a row's fields into a lead's or raises marshmallow's ValidationError. Raises RowsRefused, Invalid.
    """
    if source is None:
        raise Invalid.field("file", "Send the CSV file as the form's part `file`.")
    mapping = columns.parse(given["mapping"])
    reader = _Reader(actor, source, mapping, read)
    connector, dry_run = given["connector"], given["dry_run"]
    entered = 0
    with db.trial() if dry_run else nullcontext():
        for batch in reader.batches():
            if not reader.errors:
                kept = upsert(actor, [item | {"connector": connector} for item in batch])
                entered += sum(lead.entered for lead in kept)
                db.session().flush()
                db.session().expunge_all()
        if reader.errors:
            raise RowsRefused(reader.errors)
    taken = reader.rows - reader.skipped
    return Imported(reader.rows, entered, taken - entered, reader.skipped, dry_run)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flat(inner, f"{path}.{name}".strip("."))
    else:
        for message in messages:
            yield path, str(message)
