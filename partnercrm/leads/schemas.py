"""Shapes of leads, offers and the reciprocity report on the wire."""

import re
from typing import Any, Final

import pycountry
from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields, post_load, pre_dump, validate, validates

from partnercrm.activity.schemas import ActivityView
from partnercrm.leads.bands import ValueBand
from partnercrm.leads.lifecycle import DeclineReason, DisqualifyReason, LossReason, OfferStatus
from partnercrm.leads.models import ContactBasis, SizeBand
from partnercrm.leads.queries.own import STATUSES
from partnercrm.leads.queries.reports import Report, SideReport
from partnercrm.leads.reciprocity import Measure, written
from partnercrm.partnerships.schemas import AgreedTermsView
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Email, Id, Moment, MoneyShape, QueryWhole, Shape, Text

BULK_MOST: Final = 1000
_DOMAIN: Final = re.compile(r"(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class Country(Text):
    """An ISO 3166-1 alpha-2 country code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=2, least=2, example="DE", **options)
        self.validators.append(_is_country)


class Domain(Text):
    """A web domain, without scheme or path."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=253, least=3, example="northwind.example", **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        read = super()._deserialize(value, attr, data, **kwargs).lower()
        if not _DOMAIN.fullmatch(read):
            raise ValidationError("This is not a web domain such as northwind.example.")
        return read


def _is_country(code: str) -> None:
    if pycountry.countries.get(alpha_2=code) is None:
        raise ValidationError("This is not an ISO 3166-1 alpha-2 country code.")


class LeadFields(Shape):
    """What is known of a lead; all of it stays with its giver until it is offered."""

    company_name = Text(most=200, example="Northwind Traders")
    company_domain = Domain(allow_none=True)
    country = Country(allow_none=True)
    industry = Text(most=100, example="Logistics", allow_none=True)
    size_band = Choice(SizeBand, allow_none=True)
    need = Text(most=200, example="GTX Plus Basic")
    contact_name = Text(most=200, example="Robin Vale", allow_none=True)
    contact_role = Text(most=100, example="Head of operations", allow_none=True)
    contact_email = Email(allow_none=True)
    contact_basis = Choice(
        ContactBasis,
        allow_none=True,
        metadata={"description": "Legal basis for passing the contact on; without it only the role travels."},
    )
    value = fields.Nested(MoneyShape, allow_none=True, metadata={"description": "What the lead may be worth."})
    notes = Text(most=5000, least=0, example="Met at the spring fair.")
    owner_id = Id(metadata={"description": "Whose lead it is; you, when left out. Others need the scope leads:all."})


class EnterLead(LeadFields):
    """A lead to enter."""

    company_name = Text(most=200, example="Northwind Traders", required=True)
    need = Text(most=200, example="GTX Plus Basic", required=True)
    connector = Text(most=60, example="crm")
    external_id = Text(most=200, example="1C1I7A6R")

    @post_load
    def both_or_neither(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Take a connector only with an external id."""
        if ("connector" in data) != ("external_id" in data):
            raise ValidationError("Send connector and external_id together.", "external_id")
        return data


class PutLead(LeadFields):
    """A lead as another system knows it."""

    company_name = Text(most=200, example="Northwind Traders", required=True)
    need = Text(most=200, example="GTX Plus Basic", required=True)


class PutKeyedLead(PutLead):
    """A lead with the key another system knows it by."""

    connector = Text(most=60, example="crm", required=True)
    external_id = Text(most=200, example="1C1I7A6R", required=True)


class PutLeads(Shape):
    """Many leads at once, all or none."""

    leads = fields.List(fields.Nested(PutKeyedLead), required=True, validate=validate.Length(min=1, max=BULK_MOST))


class EditLead(LeadFields):
    """What to change of a lead; fields left out stay."""

    @validates("company_name", "need")
    def not_empty(self, value: str, data_key: str) -> None:
        """Keep what a lead cannot be without."""
        if not value:
            raise ValidationError("This cannot be empty.")


class LeadView(LeadFields):
    """One of your leads, with where it stands."""

    id = Id(required=True)
    connector = Text(most=60, example="crm", required=True, allow_none=True)
    external_id = Text(most=200, example="1C1I7A6R", required=True, allow_none=True)
    status = fields.String(
        required=True,
        validate=validate.OneOf(STATUSES),
        metadata={"example": "draft", "description": "draft, or its offer's status."},
    )
    offer_id = Id(required=True, allow_none=True)
    created_at = Moment(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the lead's own fields from the lead inside its state."""
        return getattr(obj if attr in {"status", "offer_id"} else obj.lead, attr, default)


class LeadsView(Shape):
    """Leads that were entered or brought up to date."""

    leads = fields.List(fields.Nested(LeadView), required=True)


class LeadQuery(ListQuery):
    """Filters and orders of your leads."""

    sort = sort_field("-created_at", "created_at", "company_name", "-company_name")
    status = fields.String(validate=validate.OneOf(STATUSES), metadata={"example": "draft"})
    need = Text(most=200, example="GTX Plus Basic")
    connector = Text(most=60, example="crm")
    owner_id = Id()


class OfferLead(Shape):
    """One of your leads to offer in a partnership."""

    lead_id = Id(required=True)
    partnership_id = Id(required=True)
    message = Text(most=2000, least=0, example="They decide in May.", load_default="")
    shows_company = fields.Boolean(
        load_default=False,
        truthy={True, "on", "true"},
        falsy={False, "false"},
        metadata={"example": False, "description": "Show the company's name before the offer is accepted."},
    )


class OfferNewLead(EnterLead):
    """A new lead and its offer in one form."""

    partnership_id = Id(required=True)
    message = Text(most=2000, least=0, example="They decide in May.", load_default="")
    shows_company = fields.Boolean(
        load_default=False, truthy={True, "on", "true"}, falsy={False, "false"}, metadata={"example": False}
    )


class _Noted(Shape):
    note = Text(most=500, least=0, example="Our team is booked until June.")


class DeclineOffer(_Noted):
    """Why the lead is not taken."""

    reason = Choice(DeclineReason, required=True)


class Happened(Shape):
    """When it happened, if not just now."""

    happened_at = Moment(
        metadata={"description": "Not before the step before it, not in the future; now when left out."}
    )


class DisqualifyLead(Happened, _Noted):
    """Why the lead is none."""

    reason = Choice(DisqualifyReason, required=True)


class LoseLead(Happened, _Noted):
    """Why the lead was lost."""

    reason = Choice(LossReason, required=True)


class WinLead(Happened):
    """What the lead was won for."""

    value = fields.Nested(MoneyShape, required=True)


class DetailsView(Shape):
    """Who the lead is; there for its giver, and for its receiver once accepted."""

    company_name = Text(most=200, example="Northwind Traders", required=True)
    company_domain = Domain(required=True, allow_none=True)
    contact_name = Text(most=200, example="Robin Vale", required=True, allow_none=True)
    contact_email = Email(required=True, allow_none=True)
    value = fields.Nested(MoneyShape, required=True, allow_none=True)
    message = Text(most=2000, least=0, example="They decide in May.", required=True)


class NamedMember(Shape):
    """Who stands behind the offer on one side."""

    id = Id(required=True)
    name = Text(most=200, example="Dana Whitfield", required=True)


class OfferView(Shape):
    """An offered lead as your side sees it."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    giver_id = Id(required=True)
    receiver_id = Id(required=True)
    direction = fields.String(
        required=True, validate=validate.OneOf(("given", "received")), metadata={"example": "received"}
    )
    status = Choice(OfferStatus, required=True)
    reason = Text(most=40, example="no_capacity", required=True, allow_none=True)
    note = Text(most=500, least=0, example="Our team is booked until June.", required=True, allow_none=True)
    company_name = Text(most=200, example="Northwind Traders", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    industry = Text(most=100, example="Logistics", required=True, allow_none=True)
    size_band = Choice(SizeBand, required=True, allow_none=True)
    need = Text(most=200, example="GTX Plus Basic", required=True)
    contact_role = Text(most=100, example="Head of operations", required=True, allow_none=True)
    value_band = Choice(ValueBand, required=True, allow_none=True)
    value_currency = Text(most=3, example="EUR", required=True, allow_none=True)
    giver_member = fields.Nested(NamedMember, required=True)
    receiver_member = fields.Nested(NamedMember, required=True, allow_none=True)
    offered_at = Moment(required=True)
    respond_by = Moment(required=True)
    expires_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    details = fields.Nested(DetailsView, required=True, allow_none=True)


class OfferQuery(ListQuery):
    """Filters and orders of offers."""

    sort = sort_field("-offered_at", "offered_at", "respond_by", "-respond_by")
    direction = fields.String(validate=validate.OneOf(("given", "received")), metadata={"example": "received"})
    status = Choice(OfferStatus)
    partnership_id = Id()
    need = Text(most=200, example="GTX Plus Basic")


class TimelineView(Shape):
    """One event of a shared thing's timeline: which side did what."""

    id = Id(required=True)
    acting_organization_id = Id(required=True)
    verb = Text(most=80, example="lead.accepted", required=True)
    facts = ActivityView().fields["facts"]
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class ImportForm(Shape):
    """How to read a CSV file of leads."""

    connector = Text(most=60, example="crm", required=True)
    mapping = Text(
        most=4000,
        example="external_id=opportunity_id,company_name=account,need=product",
        required=True,
        metadata={"description": "field=column pairs; a value in double quotes after field:= is a constant."},
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


class ReportQuery(Shape):
    """As of when."""

    as_of = Moment(metadata={"description": "What had been recorded by then; now when left out."})


class ResponsesView(Shape):
    """How an organization answered what it received."""

    answered = QueryWhole(least=0, most=10**9, example=40, required=True)
    in_time = QueryWhole(least=0, most=10**9, example=31, required=True)
    median_seconds = QueryWhole(least=0, most=10**9, example=86400, required=True, allow_none=True)


class ReasonView(Shape):
    """A reason and how often it was given."""

    reason = Text(most=40, example="no_capacity", required=True)
    count = QueryWhole(least=0, most=10**9, example=7, required=True)


_COUNTS: dict[str, fields.Field[Any]] = {
    status.value: QueryWhole(least=0, most=10**9, example=12, required=True) for status in OfferStatus
}
GivenView = Shape.from_dict(_COUNTS, name="GivenView")
MonthCountsView = Shape.from_dict(
    {measure.value: QueryWhole(least=0, most=10**9, example=3, required=True, dump_default=0) for measure in Measure},
    name="MonthCountsView",
)


class SideReportView(Shape):
    """What one organization gave, and how it answered what it received."""

    organization_id = Id(required=True)
    name = Text(most=200, example="Acme", required=True)
    given = fields.Nested(GivenView, required=True)
    won_values = fields.List(fields.Nested(MoneyShape), required=True)
    won_in_bands = QueryWhole(least=0, most=10**9, example=0, required=True)
    declined_for = fields.List(fields.Nested(ReasonView), required=True)
    responses = fields.Nested(ResponsesView, required=True)

    @pre_dump
    def name_reasons(self, side: SideReport, **_: Any) -> dict[str, Any]:
        """Turn pairs into named figures."""
        values = {name: getattr(side, name) for name in SideReport.__dataclass_fields__}
        return values | {"declined_for": [{"reason": r, "count": c} for r, c in side.declined_for]}


class ExchangeView(Shape):
    """The exchange by one measure, seen from the first organization. Decimal strings; null when undefined."""

    measure = Choice(Measure, required=True)
    first = QueryWhole(least=0, most=10**9, example=60, required=True)
    second = QueryWhole(least=0, most=10**9, example=40, required=True)
    share_first_percent = Text(most=12, example="60.0", required=True, allow_none=True)
    balance = Text(most=12, example="0.8000", required=True, allow_none=True)
    net = Text(most=12, example="0.2000", required=True, allow_none=True)
    ratio = Text(most=20, example="1.5000", required=True, allow_none=True)


class MonthView(Shape):
    """One month (UTC): what each organization gave, in the order of the organizations."""

    month = Text(most=7, example="2026-03", required=True)
    first = fields.Nested(MonthCountsView, required=True)
    second = fields.Nested(MonthCountsView, required=True)


class ReportView(Shape):
    """The reciprocity report: the same bytes for both sides. `organizations[0]` is `first`, `[1]` is `second`."""

    partnership_id = Id(required=True)
    as_of = Moment(required=True)
    terms = fields.Nested(AgreedTermsView, required=True)
    organizations = fields.List(fields.Nested(SideReportView), required=True)
    exchanges = fields.List(fields.Nested(ExchangeView), required=True)
    months = fields.List(fields.Nested(MonthView), required=True)

    @pre_dump
    def write_out(self, report: Report, **_: Any) -> dict[str, Any]:
        """Order by organization and write exact values as decimals."""
        return {
            "partnership_id": report.partnership_id,
            "as_of": report.as_of,
            "terms": report.terms,
            "organizations": [report.first, report.second],
            "exchanges": [
                {
                    "measure": measure,
                    "first": exchange.first,
                    "second": exchange.second,
                    "share_first_percent": written(exchange.share_first and exchange.share_first * 100, 1)
                    if exchange.share_first is not None
                    else None,
                    "balance": written(exchange.balance, 4),
                    "net": written(exchange.net, 4),
                    "ratio": written(exchange.ratio, 4),
                }
                for measure, exchange in report.exchanges.items()
            ],
            "months": report.months,
        }
