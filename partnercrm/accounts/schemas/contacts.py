"""Shapes of who somebody is at an account, and of what must be known of a contact."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from partnercrm.accounts.contacts import Channel, ContactBasis, ContactSource, Information, contradicts
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Email, Id, Moment, Shape, Text


class Channels(fields.List[str]):
    """The channels a contact may be approached by."""

    def __init__(self, **options: Any) -> None:
        channel = fields.String(validate=limits.OneOf([one.value for one in Channel]))
        meaning = {"description": "By what the contact may be approached.", "example": ["email", "phone"]}
        most = limits.Length(max=len(Channel))
        super().__init__(channel, validate=most, allow_none=True, metadata=meaning, **options)


def informed_on(**options: Any) -> Day:
    """Return the field of the day a contact was informed on."""
    return Day(
        allow_none=True, metadata={"description": "The day, where contact_information is `informed`."}, **options
    )


class ContactFields(Shape):
    """Somebody at a company; name and address are kept only where all is known that allows it."""

    contact_role = Text(most=100, example="Head of operations")
    contact_name = Text(most=200, example="Robin Vale", allow_none=True)
    contact_email = Email(allow_none=True)
    contact_basis = Choice(
        ContactBasis,
        allow_none=True,
        metadata={"description": "Legal basis. Needed for a name or an address, with channels, source, information."},
    )
    contact_channels = Channels()
    contact_source = Choice(ContactSource, allow_none=True, metadata={"description": "Where the data come from."})
    contact_source_note = Text(most=200, example="Met at the spring fair.", allow_none=True)
    contact_information = Choice(
        Information,
        allow_none=True,
        metadata={"description": "Whether the contact was told who keeps their data (GDPR, Articles 13 and 14)."},
    )
    contact_informed_on = informed_on()

    @validates_schema(skip_on_field_errors=False)
    def on_a_day(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a day on which somebody was informed who was not."""
        if contradicts(data):
            raise ValidationError("Only a contact who was informed was so on a day.", "contact_informed_on")


class AddContact(ContactFields):
    """Somebody to keep at an account."""

    contact_role = Text(most=100, example="Head of operations", required=True)


class ChangeContact(ContactFields):
    """What to change of somebody at an account; fields left out stay."""


class ContactView(ContactFields):
    """Somebody at one of your accounts."""

    id = Id(required=True)
    account_id = Id(required=True)
    created_at = Moment(required=True)


class ContactQuery(ListQuery):
    """Orders of the contacts at an account."""

    sort = sort_field("created_at", "-created_at", "contact_role")
