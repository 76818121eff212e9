"""Imports of files: what was sent, how it is read, its rows as they were checked, and what it changed; all owned."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym

from partnercrm.integrations.contents import KINDS, ImportKind, Kind
from partnercrm.integrations.faults import Fault, read
from partnercrm.integrations.mapping import parse
from partnercrm.integrations.reading import DateForm, DecimalMark, Reading
from partnercrm.kernel.db import Base
from partnercrm.kernel.errors import Invalid

ASKING: Final = "asking"


class ImportState(StrEnum):
    """Where an import stands."""

    READY = "ready"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class FileImport(Base):
    """One file on its way in."""

    __tablename__ = "lead_imports"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID]
    kind: Mapped[ImportKind]
    connector: Mapped[str]
    file_name: Mapped[str]
    file_bytes: Mapped[int]
    state: Mapped[ImportState]
    encoding: Mapped[str]
    encodings: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    encoding_said: Mapped[bool] = mapped_column(default=False)
    delimiter: Mapped[str]
    has_header: Mapped[bool]
    decimal_mark: Mapped[DecimalMark | None]
    date_form: Mapped[DateForm | None]
    header: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mapping: Mapped[str]
    oversees: Mapped[bool]
    leave_out: Mapped[bool] = mapped_column(default=False)
    dry_run: Mapped[bool] = mapped_column(default=False)
    read_bytes: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    entered: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def brings(self) -> Kind:
        """What it brings in."""
        return KINDS[self.kind]

    @property
    def reading(self) -> Reading:
        """How the file is read."""
        return Reading(self.encoding, self.delimiter, self.has_header, self.decimal_mark, self.date_form)

    @property
    def asks(self) -> list[str]:
        """What somebody has to say of how the file is written, before its rows are read."""
        if self.state is not ImportState.READY:
            return []
        filled = self._filled()
        open_ones = {
            "encoding": bool(self.encodings),
            "decimal_mark": self.decimal_mark is None and self.brings.amount in filled,
            "date_form": self.date_form is None and not filled.isdisjoint(self.brings.days),
        }
        return [name for name, is_open in open_ones.items() if is_open]

    def _filled(self) -> set[str]:
        """Return the fields that the mapping fills; none where an erasure has left no mapping."""
        try:
            mapping = parse(self.mapping, self.brings, whole=False)
        except Invalid:
            return set()
        return {*mapping.columns, *mapping.constants}

    @property
    def stands(self) -> str:
        """Where it stands, as programs are told: what waits for an answer is not ready."""
        return ASKING if self.state is ImportState.READY and self.asks else self.state.value

    @property
    def told_encoding(self) -> str | None:
        """In which encoding the file is; None while that is in question, and it is read in the likeliest."""
        return None if self.encodings else self.encoding

    @property
    def percent(self) -> int:
        """How much of the file is checked."""
        return min(100, self.read_bytes * 100 // self.file_bytes) if self.file_bytes else 100

    @property
    def version_tag(self) -> str:
        """The row's version and progress, as an ETag names them."""
        return f"{self.id.hex}.{self.version}.{self.rows}"


class ImportPiece(Base):
    """A piece of the file, byte for byte."""

    __tablename__ = "lead_import_pieces"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "import_id"], ["lead_imports.organization_id", "lead_imports.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Staged:
    """A row of the file as it was checked: a thing's fields, empty where the file leaves them, or what is wrong.

    Without a foreign key, which would be checked for each of 200,000 rows: they are written under their import's lock.
    """

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    external_id: Mapped[str | None]
    owner_id: Mapped[UUID | None]
    faults: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))

    @property
    def told(self) -> list[Fault]:
        """What is wrong with the row, each sentence with what it is made of."""
        return [read(fault) for fault in self.faults or ()]


class LeadRow(Staged, Base):
    """A row of a file of leads."""

    __tablename__ = "lead_import_rows"

    lead_id: Mapped[UUID]
    thing_id: Mapped[UUID] = synonym("lead_id")
    company_name: Mapped[str | None]
    company_domain: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str | None]
    size_band: Mapped[str | None]
    need: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_role: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_basis: Mapped[str | None]
    contact_channels: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    contact_source: Mapped[str | None]
    contact_source_note: Mapped[str | None]
    contact_information: Mapped[str | None]
    contact_informed_on: Mapped[date | None]
    value_minor: Mapped[int | None]
    currency: Mapped[str | None]
    expected_close_on: Mapped[date | None]
    notes: Mapped[str | None]


class AccountRow(Staged, Base):
    """A row of a file of accounts; a number stands as `scheme:country:number`."""

    __tablename__ = "account_import_rows"

    account_id: Mapped[UUID]
    thing_id: Mapped[UUID] = synonym("account_id")
    name: Mapped[str | None]
    web_domains: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    mail_domains: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    numbers: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str | None]
    size_band: Mapped[str | None]
    relationship: Mapped[str | None]
    parent_external_id: Mapped[str | None]


class Change:
    """A thing that an import brought up to date: its former values and the version it has from this import."""

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    former: Mapped[dict[str, Any]] = mapped_column(JSONB)
    put_back: Mapped[bool] = mapped_column(default=False)


class LeadChange(Change, Base):
    """A lead that was brought up to date."""

    __tablename__ = "lead_import_changes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "import_id"], ["lead_imports.organization_id", "lead_imports.id"]),
        ForeignKeyConstraint(["organization_id", "lead_id"], ["leads.organization_id", "leads.id"], ondelete="CASCADE"),
    )

    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = synonym("lead_id")


class AccountChange(Change, Base):
    """An account that was brought up to date."""

    __tablename__ = "account_import_changes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "import_id"], ["lead_imports.organization_id", "lead_imports.id"]),
        ForeignKeyConstraint(
            ["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"], ondelete="CASCADE"
        ),
    )

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = synonym("account_id")


class ImportMapping(Base):
    """How files of one source with the same columns were read the last time."""

    __tablename__ = "import_mappings"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(primary_key=True)
    connector: Mapped[str] = mapped_column(primary_key=True)
    header_key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    mapping: Mapped[str]
    encoding: Mapped[str | None]
    decimal_mark: Mapped[DecimalMark | None]
    date_form: Mapped[DateForm | None]
    saved_at: Mapped[datetime]


ROWS: Final[Mapping[ImportKind, type[LeadRow | AccountRow]]] = {
    ImportKind.LEADS: LeadRow,
    ImportKind.ACCOUNTS: AccountRow,
}
CHANGES: Final[Mapping[ImportKind, type[LeadChange | AccountChange]]] = {
    ImportKind.LEADS: LeadChange,
    ImportKind.ACCOUNTS: AccountChange,
}
