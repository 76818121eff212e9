"""Shapes of one's own accounts: what is entered, changed and read."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load

from partnercrm.accounts import domains, numbers
from partnercrm.accounts.numbers import Number, Scheme
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Country, Domain, Id, Moment, Shape, Text, Whole

BULK_MOST: Final = 1000
_IDENTIFIERS_MOST: Final = 20


class RegistrableDomain(Domain):
    """A domain, kept as what is registered of it: `shop.northwind.example` is `northwind.example`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        found = domains.registrable(super()._deserialize(value, attr, data, **kwargs))
        if found is None:
            raise ValidationError("Nobody registers this domain: it is a public suffix, or an address in figures.")
        return found


class NumberShape(Shape):
    """A number that a register gave a company; check digits are checked where the register has them."""

    scheme = Choice(Scheme, required=True, metadata={"example": "vat"})
    country = Country(
        load_default=None, allow_none=True, metadata={"description": "The register's; none for lei and duns."}
    )
    number = Text(most=numbers.LONGEST, example="DE136695976", required=True)

    @post_load
    def read(self, data: dict[str, Any], **_: Any) -> Number:
        """Read the number as it is kept, however it was written."""
        try:
            return numbers.normalised(data["scheme"], data["country"], data["number"])
        except numbers.NotSuchANumber as error:
            raise ValidationError(error.args[0], error.field) from error


def _domains(meaning: str) -> fields.List[str]:
    most = limits.Length(max=_IDENTIFIERS_MOST)
    return fields.List(RegistrableDomain(), validate=most, metadata={"description": meaning})


def sought(**options: Any) -> Text:
    """Return the field of what is sought, as it was typed so far."""
    meaning = {"description": "A part of the name, also misspelt, or the beginning of a domain."}
    return Text(most=100, example="northw", metadata=meaning, **options)


class AccountFacts(Shape):
    """What is known of a company; all of it is its organization's own."""

    name = Text(most=200, example="Northwind Traders GmbH")
    street = Text(most=200, example="Harbour Road 12", allow_none=True)
    postal_code = Text(most=20, example="20457", allow_none=True)
    city = Text(most=100, example="Hamburg", allow_none=True)
    region = Text(most=100, example="Hamburg", allow_none=True)
    country = Country(allow_none=True)
    industry = Text(most=100, example="Logistics", allow_none=True)
    size_band = Choice(SizeBand, allow_none=True)
    relationship = Choice(Relationship, metadata={"description": "As your own system tells; a prospect at first."})
    owner_id = Id(allow_none=True, metadata={"description": "Whose account it is; nobody's, when left out at first."})
    web_domains = _domains("Where the company is found, as registered. All that are sent stand for all there were.")
    mail_domains = _domains("From where its people write, as registered. All that are sent stand for all there were.")
    numbers = fields.List(
        fields.Nested(NumberShape),
        validate=limits.Length(max=_IDENTIFIERS_MOST),
        metadata={"description": "All that are sent stand for all there were."},
    )


class AccountFields(AccountFacts):
    """What is known of a company, and below which other it stands."""

    parent_id = Id(allow_none=True, metadata={"description": "The account it is a subsidiary of."})


class EnterAccount(AccountFields):
    """An account to enter."""

    together = ("connector", "external_id")
    name = Text(most=200, example="Northwind Traders GmbH", required=True)
    connector = Text(most=60, example="crm")
    external_id = Text(most=200, example="0014x00001")


class PutAccount(AccountFields):
    """An account as another system knows it; fields left out stay."""

    name = Text(most=200, example="Northwind Traders GmbH", required=True)


class PutKeyedAccount(AccountFacts):
    """An account with the key another system knows it by; below which other it stands is said one by one."""

    name = Text(most=200, example="Northwind Traders GmbH", required=True)
    connector = Text(most=60, example="crm", required=True)
    external_id = Text(most=200, example="0014x00001", required=True)


class PutAccounts(Shape):
    """Many accounts at once, all or none."""

    accounts = fields.List(fields.Nested(PutKeyedAccount), required=True, validate=limits.Length(min=1, max=BULK_MOST))


class ChangeAccount(AccountFields):
    """What to change of an account; fields left out stay."""


class AccountView(AccountFields):
    """One of your organization's accounts."""

    id = Id(required=True)
    owner_id = Id(
        required=True,
        allow_none=True,
        metadata={"description": "Whose account it is. Lists name you alone, unless your works agreement opens them."},
    )
    connector = Text(most=60, example="crm", required=True, allow_none=True)
    external_id = Text(most=200, example="0014x00001", required=True, allow_none=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the account's own fields from the account as it is seen."""
        return getattr(obj if attr == "owner_id" else obj.account, attr, default)


class AccountKeyView(Shape):
    """Which of your accounts another system's key names."""

    id = Id(required=True)
    connector = Text(most=60, example="crm", required=True)
    external_id = Text(most=200, example="0014x00001", required=True)


class AccountsView(Shape):
    """Accounts that were entered or brought up to date."""

    accounts = fields.List(fields.Nested(AccountKeyView), required=True)


class HitView(Shape):
    """An account as a list of suggestions names it."""

    id = Id(required=True)
    name = Text(most=200, example="Northwind Traders GmbH", required=True)
    city = Text(most=100, example="Hamburg", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    relationship = Choice(Relationship, required=True)
    web_domains = fields.List(RegistrableDomain(), required=True)


class HitsView(Shape):
    """The accounts closest to what was typed, the closest first."""

    accounts = fields.List(fields.Nested(HitView), required=True)


class SearchQuery(Shape):
    """What is sought, and how many are to be shown."""

    q = sought(required=True)
    limit = Whole(least=1, most=20, example=8, load_default=8, metadata={"description": "How many, at most 20."})


class AccountQuery(ListQuery):
    """Filters and orders of your accounts."""

    sort = sort_field("name", "-name", "created_at", "-created_at", "updated_at", "-updated_at")
    q = sought()
    relationship = Choice(Relationship)
    industry = Text(most=100, example="Logistics")
    country = Country()
    size_band = Choice(SizeBand)
    domain = RegistrableDomain(metadata={"description": "A domain the company is found at or writes from."})
    parent_id = Id(metadata={"description": "The account whose subsidiaries these are."})
    connector = Text(most=60, example="crm")
    owner_id = Id(metadata={"description": "You; somebody else only where your works agreement opens it to managers."})
