"""Shapes of cards: for whom one is asked for, and where it is shown."""

from marshmallow import fields

from partnercrm.web.shapes import Email, Id, Moment, Shape


class MakeCard(Shape):
    """Whose card it is."""

    email = Email(metadata={"description": "Whose card it is. People ask for their own alone, and may leave it out."})


class CardView(Shape):
    """The address to show in a frame, for one account, one seller and some minutes; who has it reads the card."""

    account_id = Id(required=True)
    address = fields.String(required=True, metadata={"example": "https://partnercrm.example/card-WyJhIl0.c2lnbmVk"})
    expires_at = Moment(required=True)
