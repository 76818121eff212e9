"""Checking an import's rows piece by piece, each piece in a transaction of its own: streamed bulk, the exception.

Readers see nothing of it; a job that starts anew goes on after the last piece that was committed.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final, Protocol
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import insert, text

from partnercrm.calendars import queries as calendars
from partnercrm.integrations import faults, problems
from partnercrm.integrations.actions import targets
from partnercrm.integrations.actions.failing import tell_starter
from partnercrm.integrations.actions.forgetting import forget_rows
from partnercrm.integrations.actions.weighing import weigh
from partnercrm.integrations.contents import Kind
from partnercrm.integrations.faults import Fault
from partnercrm.integrations.mapping import ColumnMapping, parse
from partnercrm.integrations.models import ROWS, FileImport, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.integrations.reading import Reading, Record, records
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Told
from partnercrm.leads.queries import own

PIECE: Final = 5000
_LONGEST_KEY: Final = 60


class Reader(Protocol):
    """Reads a row's cells as the values of a thing, in the order of `fields`."""

    @property
    def fields(self) -> Sequence[str]:
        """The fields of a row's values, in their order."""

    @property
    def width(self) -> int:
        """How many cells a row has."""

    def takes(self, cells: Sequence[str]) -> bool:
        """Tell whether the row passes every filter."""

    def read_all(self, rows: Sequence[Sequence[str]]) -> tuple[list[list[str]], set[int]]:
        """Return each field's values of rows that are right beyond doubt, and the places of the others."""

    def read(self, cells: Sequence[str]) -> list[str]:
        """Return one row's values. Raises ValidationError."""

    def told(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what the row says about each field, before it is checked."""

    def place(self, field: str) -> int:
        """Return the column, from 1, in which one looks for what is wrong with a field."""

    def wrong_constants(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for every constant that no row can be right with."""

    def faults(self, error: ValidationError) -> list[tuple[str, str]]:
        """Return (field, sentence) for everything that is wrong."""


MakeReader = Callable[[Kind, ColumnMapping, Sequence[str], Reading, date], Reader]


class Checking:
    """One run's way through a file; its place is the number of rows behind it."""

    def __init__(self, actor: Actor, one: FileImport, make_reader: MakeReader, tell_after: timedelta | None) -> None:
        self._actor, self._import_id = actor, one.id
        # What an earlier run began takes long already.
        self._tell_after = timedelta() if tell_after and one.rows else tell_after
        self._began = clock.now()
        self._mapping = parse(one.mapping, one.brings)
        self._reader = make_reader(one.brings, self._mapping, one.header, one.reading, calendars.today(actor))
        self._owners = {email: str(user_id) for email, user_id in own.owners_by_email(actor).items()}
        self._oversees, self._user_id = one.oversees, str(one.user_id)
        self._read_bytes = 0
        self._rows = self._from(one)
        self._place = 0
        self._skipped = 0

    def wrong_constants(self) -> list[FieldError]:
        """Return what is wrong with the mapping's constants, once instead of once a row."""
        constants, wrong = self._mapping.constants, self._reader.wrong_constants()
        address = constants.get("owner_email")
        if address and self._owner(address) is None:
            wrong.append(("owner_email", _nobody(address)))
        said = ((f"{field}:={constants[field][:_LONGEST_KEY]}", Told.of(message)) for field, message in wrong)
        return [FieldError("mapping", Told("%(part)s: %(what)s", part=part, what=what)) for part, what in said]

    def piece(self) -> bool:
        """Check the next rows in the open transaction; tell whether there may be more."""
        one = imports.import_at_work(self._actor, self._import_id, lock=True)
        if one.state is not ImportState.CHECKING:
            return False
        goes_on = self._go_on(one)
        if not goes_on and self._tell_after is not None and clock.now() - self._began >= self._tell_after:
            self._tell(one)
        return goes_on

    def _tell(self, one: FileImport) -> None:
        """Tell who started this that it waits for them: they hardly look on any more."""
        if one.state is ImportState.CHECKED:
            tell_starter(self._actor, one, "import.checked")
        elif one.state is ImportState.READY:
            tell_starter(self._actor, one, "import.failed")

    def _go_on(self, one: FileImport) -> bool:
        if wrong := self.wrong_constants():
            told = " ".join(error.message for error in wrong)
            return self._unreadable(one, Told(problems.WRONG_VALUES, told=told))
        try:
            self._catch_up(one)
            taken = list(islice(self._rows, PIECE))
        except UnicodeError as error:
            reason = str(getattr(error, "reason", error))
            return self._unreadable(one, Told(problems.NOT_IN_ENCODING, encoding=one.encoding, reason=reason))
        except csv.Error as error:
            return self._unreadable(one, Told(problems.NOT_CSV, row=self._place, reason=str(error)))
        self._stage(one, taken)
        self._place += len(taken)
        one.rows, one.read_bytes = self._place, self._read_bytes
        one.skipped += self._skipped
        if len(taken) == PIECE:
            return True
        one.read_bytes = one.file_bytes
        db.session().flush()
        weigh(one)
        return False

    def _from(self, one: FileImport) -> Iterator[Record]:
        def counted() -> Iterator[bytes]:
            for piece in imports.pieces(one):
                self._read_bytes += len(piece)
                yield piece

        return islice(records(counted(), one.encoding, one.delimiter), one.has_header, None)

    def _catch_up(self, one: FileImport) -> None:
        """Pass by the rows that an earlier run has checked."""
        behind = one.rows - self._place
        self._place += sum(1 for _ in islice(self._rows, behind))

    def _unreadable(self, one: FileImport, problem: str) -> bool:
        forget_rows(one)
        one.state, one.problem = ImportState.READY, problem
        one.rows = one.skipped = 0
        return False

    def _stage(self, one: FileImport, taken: Sequence[Record]) -> None:
        wrong: list[dict[str, Any]] = []
        key = {"organization_id": one.organization_id, "import_id": one.id}

        def refuse(number: int, line: int, found: list[dict[str, Any]]) -> None:
            wrong.append({**key, "number": number, "line": line, targets.of(one).thing_id: one.id, "faults": found})

        whole = []
        for number, (line, cells) in enumerate(taken, self._place + 1):
            if len(cells) != self._reader.width:
                refuse(number, line, [faults.kept(faults.torn_row(self._reader.width, len(cells)))])
            elif self._reader.takes(cells):
                whole.append((number, line, cells))
        self._skipped = len(taken) - len(whole) - len(wrong)
        columns = self._read(whole, refuse) if whole else []
        if columns and columns[0]:
            sent = {f"column_{place}": _SIGN.join(column) for place, column in enumerate(columns)}
            db.session().execute(text(targets.of(one).staging(tuple(self._reader.fields))), key | sent)
        if wrong:
            db.session().execute(insert(ROWS[one.kind]), wrong)

    def _read(self, whole: Sequence[tuple[int, int, list[str]]], refuse: Callable[..., None]) -> list[list[str]]:
        """Return the right rows as columns: number, line, each field; read many at once, those in doubt one by one."""
        columns, doubtful = self._reader.read_all([cells for _, _, cells in whole])
        owners = {email: self._owner(email) if email else "" for email in set(columns[_OWNER])}
        doubtful |= {place for place, email in enumerate(columns[_OWNER]) if owners[email] is None}
        columns[_OWNER] = [owners[email] or "" for email in columns[_OWNER]]
        columns[:0] = [[str(number) for number, _, _ in whole], [str(line) for _, line, _ in whole]]
        refused = set[int]()
        for place in sorted(doubtful):
            number, line, cells = whole[place]
            row, found = self._checked(cells)
            if row is None:
                refuse(number, line, found)
                refused.add(place)
            else:
                for column, value in zip(columns[2:], row, strict=True):
                    column[place] = value
        if not refused:
            return columns
        right = [place for place in range(len(whole)) if place not in refused]
        return [[column[place] for place in right] for column in columns]

    def _owner(self, address: str) -> str | None:
        """Return whom the starter can give leads to by this address; None when it is nobody."""
        owner = self._owners.get(address.lower())
        return owner if self._oversees or owner == self._user_id else None

    def _checked(self, cells: list[str]) -> tuple[list[str] | None, list[dict[str, Any]]]:
        """Return the row's values with its owner's id in the place of the address, or all that is wrong with it."""
        wrong: list[tuple[str, str]] = []
        row: list[str] = []
        try:
            row = self._reader.read(cells)
        except ValidationError as error:
            wrong = self._reader.faults(error)
        address = self._reader.told(cells).get("owner_email", "")
        owner = self._owner(address) if address else ""
        if owner is None and "owner_email" not in {field for field, _ in wrong}:
            wrong.append(("owner_email", _nobody(address)))
        if wrong:
            place = self._reader.place
            return None, [faults.kept(Fault(name, message, place(name))) for name, message in wrong]
        row[_OWNER] = owner or ""
        return row, []


_OWNER: Final = 1
_SIGN: Final = "\x1f"


def _nobody(address: str) -> str:
    return Told("Nobody to whom you can give these has the address %(address)r.", address=address[:_LONGEST_KEY])


def checking(
    actor: Actor, import_id: UUID, make_reader: MakeReader, *, tell_after: timedelta | None = None
) -> Checking:
    """Begin a run's way through the file; its starter is told when it ends, if it takes longer than `tell_after`."""
    return Checking(actor, imports.import_at_work(actor, import_id), make_reader, tell_after)
