"""Shapes of one's own leads: what is entered, changed and read."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validates, validates_schema

from partnercrm.accounts.contacts import NEEDED, ContactBasis, ContactSource, Information, contradicts
from partnercrm.accounts.schemas.contacts import Channels, informed_on
from partnercrm.accounts.sizes import SizeBand
from partnercrm.leads.queries.own import STATUSES
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Country, Day, Domain, Email, Id, Moment, MoneyShape, Shape, Text

BULK_MOST: Final = 1000


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
        metadata={
            "description": "Legal basis for passing the contact on. Without basis, channels, source and information"
            " only the role travels."
        },
    )
    contact_channels = Channels()
    contact_source = Choice(
        ContactSource, allow_none=True, metadata={"description": "Where the contact's data come from."}
    )
    contact_source_note = Text(most=200, example="Met at the spring fair.", allow_none=True)
    contact_information = Choice(
        Information,
        allow_none=True,
        metadata={"description": "Whether the contact was told who keeps their data (GDPR, Articles 13 and 14)."},
    )
    contact_informed_on = informed_on()
    value = fields.Nested(MoneyShape, allow_none=True, metadata={"description": "What the lead may be worth."})
    expected_close_on = Day(allow_none=True, metadata={"description": "When they may decide; no offer tells it."})
    notes = Text(most=5000, least=0, example="Met at the spring fair.")
    owner_id = Id(metadata={"description": "Whose lead it is; you, when left out. Others need the scope leads:all."})

    @validates_schema(skip_on_field_errors=False)
    def on_a_day(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a day on which somebody was informed who was not."""
        if contradicts(data):
            raise ValidationError("Only a contact who was informed was so on a day.", "contact_informed_on")


class EnterLead(LeadFields):
    """A lead to enter."""

    together = ("connector", "external_id")
    company_name = Text(most=200, example="Northwind Traders", required=True)
    need = Text(most=200, example="GTX Plus Basic", required=True)
    connector = Text(most=60, example="crm")
    external_id = Text(most=200, example="1C1I7A6R")


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

    leads = fields.List(fields.Nested(PutKeyedLead), required=True, validate=limits.Length(min=1, max=BULK_MOST))


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
    owner_id = Id(
        required=True,
        allow_none=True,
        metadata={"description": "Whose lead it is. Lists name you alone, unless your works agreement opens them."},
    )
    connector = Text(most=60, example="crm", required=True, allow_none=True)
    external_id = Text(most=200, example="1C1I7A6R", required=True, allow_none=True)
    status = fields.String(
        required=True,
        validate=limits.OneOf(STATUSES),
        metadata={"example": "draft", "description": "draft, or its offer's status; with_partner to who is no member."},
    )
    offer_id = Id(required=True, allow_none=True)
    contact_missing = fields.List(
        fields.String(validate=limits.OneOf((*NEEDED, "contact_informed_on"))),
        required=True,
        metadata={
            "description": "The fields for want of which name and address would not travel; empty when all is there.",
            "example": ["contact_channels"],
        },
    )
    created_at = Moment(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the lead's own fields from the lead inside its state."""
        return getattr(obj if attr in {"status", "offer_id", "owner_id"} else obj.lead, attr, default)


class LeadKeyView(Shape):
    """Which of your leads another system's key names."""

    id = Id(required=True)
    connector = Text(most=60, example="crm", required=True)
    external_id = Text(most=200, example="1C1I7A6R", required=True)


class LeadsView(Shape):
    """Leads that were entered or brought up to date; how each stands is read from the lead."""

    leads = fields.List(fields.Nested(LeadKeyView), required=True)


class LeadQuery(ListQuery):
    """Filters and orders of your leads."""

    sort = sort_field("-created_at", "created_at", "company_name", "-company_name", "expected_close_on")
    status = fields.String(validate=limits.OneOf(STATUSES), metadata={"example": "draft"})
    company = Text(most=200, example="north", metadata={"description": "A part of the company's name, in any case."})
    need = Text(most=200, example="GTX Plus Basic")
    connector = Text(most=60, example="crm")
    owner_id = Id(metadata={"description": "You; somebody else only where your works agreement opens it to managers."})
