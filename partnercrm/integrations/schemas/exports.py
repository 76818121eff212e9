"""Exports: which columns leads, accounts, offers and overlaps have in a file, as CSV or as one JSON object a line."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import Schema, fields

from partnercrm.accounts.numbers import Scheme
from partnercrm.accounts.schemas import AccountView
from partnercrm.integrations.neutralising import MARK, neutral
from partnercrm.kernel.actor import Actor
from partnercrm.leads.schemas import LeadView, OfferView, ReckonQuery
from partnercrm.web import limits
from partnercrm.web.shapes import Id, Moment, MoneyShape, Shape

CSV: Final = "text/csv"
JSON_LINES: Final = "application/jsonl"
KINDS: Final = {"csv": CSV, "jsonl": JSON_LINES}
_MINE: Final = "mine"
_SCHEMES: Final = frozenset(Scheme)
# Columns that no person writes: a spreadsheet may read them as what they are.
_UNTOUCHED: Final = frozenset(
    {
        "id",
        "offer_id",
        "status",
        "created_at",
        "updated_at",
        "parent_id",
        "value.amount",
        "value.currency",
        "expected_close_on",
        "leads",
        *("company", "since", "told_at"),
        _MINE,
        MARK,
    }
)
LEAD_COLUMNS: Final = (
    *("external_id", "company_name", "company_domain", "country", "industry", "size_band", "need", "contact_name"),
    *("contact_role", "contact_email", "contact_basis", "contact_channels", "contact_source", "contact_source_note"),
    *("contact_information", "contact_informed_on", "value.amount", "value.currency", "expected_close_on", "notes"),
    *("connector", "id", "status", "offer_id", "created_at", _MINE),
)
ACCOUNT_COLUMNS: Final = (
    *("external_id", "name", "web_domains", "mail_domains", *(scheme.value for scheme in Scheme), "street"),
    *("postal_code", "city", "region", "country", "industry", "size_band", "relationship", "parent_id", "connector"),
    *("id", "created_at", "updated_at", _MINE),
)
OFFER_COLUMNS: Final = (
    *("id", "direction", "status", "reason", "note", "need", "company_name", "country", "industry", "size_band"),
    *("contact_role", "value_band", "value_currency", "details.company_name", "details.company_domain"),
    *("details.contact_name", "details.contact_email", "details.contact_basis", "details.contact_channels"),
    *("details.contact_source", "details.contact_source_note", "details.contact_information"),
    *("details.contact_informed_on", "details.value.amount", "details.value.currency"),
    *("details.message", "offered_at", "respond_by", "expires_at", "answered_at", _MINE),
)
RECORD_COLUMNS: Final = (
    *("offer_id", "giver_id", "receiver_id", "step", "reason", "counts", "happened_at", "recorded_at", "respond_by"),
    *("country", "industry", "product_line_id", "value.amount", "value_currency", "value_band"),
    *("rate", "rate_on", "into_rate", "into_rate_on", "converted.amount", "converted.currency"),
    *("window", "leads"),
)


class ExportQuery(Shape):
    """In which form leads or offers are exported."""

    format = fields.String(
        load_default="csv",
        validate=limits.OneOf(tuple(KINDS)),
        metadata={"example": "csv", "description": "csv: UTF-8 with commas; jsonl: one JSON object a line."},
    )


class OfferExportQuery(ExportQuery):
    """Which offers are exported."""

    direction = fields.String(validate=limits.OneOf(("given", "received")), metadata={"example": "given"})


class RecordExportQuery(ExportQuery):
    """As of when the record is exported, and into which currency its values are converted."""

    as_of = Moment(metadata={"description": "What had been recorded by then; now when left out."})
    currency = ReckonQuery().fields["currency"]


class RecordEntryView(Shape):
    """A step or contest of an offered lead. Rates are units of a currency for one euro, as the report used them."""

    offer_id = Id()
    giver_id = Id()
    receiver_id = Id()
    step = fields.String()
    reason = fields.String()
    counts = fields.String()
    happened_at = Moment()
    recorded_at = Moment()
    respond_by = Moment()
    country = fields.String()
    industry = fields.String()
    product_line_id = Id()
    value = fields.Nested(MoneyShape)
    value_currency = fields.String()
    value_band = fields.String()
    rate = fields.String()
    rate_on = fields.String()
    into_rate = fields.String()
    into_rate_on = fields.String()
    converted = fields.Nested(MoneyShape)
    window = fields.String()
    leads = fields.Integer()


class ExportedAccount(AccountView):
    """An account as a file tells it, with its numbers by their registers, so that an import can read it again."""

    lei = fields.List(fields.String())
    vat = fields.List(fields.String())
    duns = fields.List(fields.String())
    national = fields.List(fields.String())

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read numbers of a register as the register writes them, with the country where that is part of it."""
        if attr not in _SCHEMES:
            return super().get_attribute(obj, attr, default)
        told = [one for one in obj.account.numbers if one.scheme == attr]
        return [f"{one.country}{one.number}" if attr == Scheme.VAT else one.number for one in told]


class ExportedOverlap(Shape):
    """A company both sides have, with one of the copies that either side disclosed of its accounts."""

    company = Id()
    since = fields.Integer()
    told_at = Moment()
    side = fields.String()
    name = fields.String()
    domain = fields.String()
    city = fields.String()
    country = fields.String()
    industry = fields.String()
    size_band = fields.String()
    relationship = fields.String()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read what is told of the company, and of the copy where there is one."""
        told = {"company": obj.cluster.id, "since": obj.cluster.since, "told_at": obj.cluster.told_at, "side": obj.side}
        return told[attr] if attr in told else getattr(obj.copy, attr, None)


class Table:
    """Things as the rows of a file; persons are told only as far as a row is the reader's own.

    Without `owners` nothing in a row depends on who reads it.
    """

    kinds: Mapping[str, str] = KINDS

    def __init__(self, name: str, view: Schema, columns: Sequence[str], owners: str | None = None) -> None:
        self.name = name
        self._view, self._columns, self._owners = view, columns, owners

    def head(self, form: str) -> str:
        """Return what stands before the first row."""
        return _line([*self._columns, MARK]) if form == "csv" else ""

    def rows(self, actor: Actor, items: Sequence[Any], form: str) -> str:
        """Return things as lines of the file."""
        flat = [self._flat(actor, item) for item in items]
        if form == "csv":
            return "".join(map(_csv_row, flat))
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in flat)

    def _flat(self, actor: Actor, item: Any) -> dict[str, Any]:
        shown = self._view.dump(item)
        if self._owners:
            shown |= {_MINE: "yes" if actor.user_id in _people(item, self._owners) else "no"}
        return {column: _at(shown, column) for column in self._columns}


def _people(item: Any, owners: str) -> list[Any]:
    if owners in {"lead", "account"}:
        return [getattr(item, owners).owner_id]
    return [member.user_id for member in (item.giver_member, item.receiver_member) if member is not None]


def _at(shown: dict[str, Any], path: str) -> Any:
    value: Any = shown
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _csv_row(row: dict[str, Any]) -> str:
    cells = {name: " ".join(value) if isinstance(value, list) else value or "" for name, value in row.items()}
    safe = {name: value if name in _UNTOUCHED else neutral(value) for name, value in cells.items()}
    marked = " ".join(name for name, value in safe.items() if value != cells[name])
    return _line([*safe.values(), marked])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


ACCOUNTS: Final = Table("accounts", ExportedAccount(), ACCOUNT_COLUMNS, "account")
LEADS: Final = Table("leads", LeadView(), LEAD_COLUMNS, "lead")
OFFERS: Final = Table("offers", OfferView(), OFFER_COLUMNS, "offer")
OVERLAPS: Final = Table("overlaps", ExportedOverlap(), tuple(ExportedOverlap().fields))
RECORD: Final = Table("record", RecordEntryView(), RECORD_COLUMNS)
