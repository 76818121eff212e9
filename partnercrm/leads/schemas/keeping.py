"""Shapes of one's own leads: what is entered, changed and read."""

from typing import Any, Final

import pycountry
from marshmallow import ValidationError, fields, validate, validates

from partnercrm.leads.models import ContactBasis, SizeBand
from partnercrm.leads.queries.own import STATUSES
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Domain, Email, Id, Moment, MoneyShape, Shape, Text, Written

BULK_MOST: Final = 1000
_COUNTRIES: Final = sorted(country.alpha_2 for country in pycountry.countries)


class Country(Written):
    """An ISO 3166-1 alpha-2 country code."""

    def __init__(self, **options: Any) -> None:
        wrong = "This is not an ISO 3166-1 alpha-2 country code."
        super().__init__(f"({'|'.join(_COUNTRIES)})", wrong, most=2, least=2, example="DE", **options)


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
    owner_id = Id(
        required=True,
        allow_none=True,
        metadata={"description": "Whose lead it is. Lists name you alone, unless your works agreement opens them."},
    )
    connector = Text(most=60, example="crm", required=True, allow_none=True)
    external_id = Text(most=200, example="1C1I7A6R", required=True, allow_none=True)
    status = fields.String(
        required=True,
        validate=validate.OneOf(STATUSES),
        metadata={"example": "draft", "description": "draft, or its offer's status; with_partner to who is no member."},
    )
    offer_id = Id(required=True, allow_none=True)
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

    sort = sort_field("-created_at", "created_at", "company_name", "-company_name")
    status = fields.String(validate=validate.OneOf(STATUSES), metadata={"example": "draft"})
    company = Text(most=200, example="north", metadata={"description": "A part of the company's name, in any case."})
    need = Text(most=200, example="GTX Plus Basic")
    connector = Text(most=60, example="crm")
    owner_id = Id(metadata={"description": "You; somebody else only where your works agreement opens it to managers."})
