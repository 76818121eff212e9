"""Reading another system's rows as leads: which column is which field, and what a row lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from partnercrm.kernel.errors import FieldError, Invalid

FIELDS: Final = frozenset(
    {
        "external_id",
        "company_name",
        "company_domain",
        "country",
        "industry",
        "size_band",
        "need",
        "contact_name",
        "contact_role",
        "contact_email",
        "contact_basis",
        "notes",
        "owner_email",
        "value.amount",
        "value.currency",
    }
)
REQUIRED: Final = ("external_id", "company_name", "need")
FILTER: Final = "only"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column gives each field, which fields are constant, and which rows are taken."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    only: tuple[str, frozenset[str]] | None

    def row(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return a row's fields; empty cells are left out."""
        read = {name: cells[column].strip() for name, column in self.columns.items()}
        return {name: value for name, value in (read | dict(self.constants)).items() if value}

    def takes(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the row passes the `only` filter."""
        return self.only is None or cells[self.only[0]].strip() in self.only[1]


def parse(written: str) -> ColumnMapping:
    """Read `field=column`, `field:=constant` and `only=column:value|value`, separated by commas or lines.

    Raises Invalid naming every wrong part.
    """
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    only: tuple[str, frozenset[str]] | None = None
    errors: list[FieldError] = []
    for part in (part.strip() for line in written.splitlines() for part in line.split(",")):
        if not part:
            continue
        field, sign, source = part.partition("=")
        constant = field.endswith(":")
        field, source = field.rstrip(":").strip(), source.strip()
        if not sign or not source:
            errors.append(FieldError("mapping", f"{part!r} is not field=column or field:=constant."))
        elif field == FILTER:
            column, _, values = source.partition(":")
            only = (column.strip(), frozenset(value.strip() for value in values.split("|")))
        elif field not in FIELDS:
            errors.append(
                FieldError("mapping", f"{field!r} is not a field of a lead; there are {', '.join(sorted(FIELDS))}.")
            )
        elif field in columns or field in constants:
            errors.append(FieldError("mapping", f"{field!r} is mapped twice."))
        else:
            (constants if constant else columns)[field] = source
    errors += [
        FieldError("mapping", f"{field!r} is needed and not mapped.")
        for field in REQUIRED
        if field not in columns and field not in constants
    ]
    if errors:
        raise Invalid(errors)
    return ColumnMapping(columns, constants, only)


def missing_columns(mapping: ColumnMapping, header: list[str]) -> list[FieldError]:
    """Return an error for every mapped column the file does not have."""
    wanted = [*mapping.columns.values(), *([mapping.only[0]] if mapping.only else [])]
    return [
        FieldError("mapping", f"The file has no column {column!r}; it has {', '.join(header)}.")
        for column in wanted
        if column not in header
    ]
