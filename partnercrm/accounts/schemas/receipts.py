"""Shapes of what partners know of an account, and of what a partner reads."""

from marshmallow import fields

from partnercrm.accounts.receipts import Through, Told
from partnercrm.accounts.schemas.joint import JointAccountView
from partnercrm.accounts.schemas.mapping import DisclosureView
from partnercrm.partnerships.tiers import Tier
from partnercrm.web.shapes import Choice, Id, Moment, Shape, Text


class ReceiptOfAccountView(Shape):
    """One field of the account that a partner knows, since when and through what."""

    partnership_id = Id(required=True)
    field = Text(most=60, example="name", required=True)
    tier = Choice(Tier, required=True)
    since = Moment(required=True)
    through = Choice(Through, required=True)
    through_id = Id(
        required=True,
        metadata={"description": "What told it: the mapping, joint account, offer, registration or opening."},
    )


class WithheldView(Shape):
    """A field that a partner is told no longer."""

    partnership_id = Id(required=True)
    field = Choice(Told, required=True)
    withheld_at = Moment(required=True)


class ReceiptsOfAccountView(Shape):
    """What partners know of one of your accounts: as it stands in what they read, and nowhere else."""

    account_id = Id(required=True)
    receipts = fields.List(fields.Nested(ReceiptOfAccountView), required=True)
    withheld = fields.List(fields.Nested(WithheldView), required=True)


class WithholdField(Shape):
    """A field to take back from a partner."""

    partnership_id = Id(required=True)
    field = Choice(Told, required=True)


class AsPartnerQuery(Shape):
    """Which partner's view."""

    partnership_id = Id(required=True)


class AsPartnerView(Shape):
    """What a partner's own queries return of your account."""

    account_id = Id(required=True)
    partnership_id = Id(required=True)
    copies = fields.List(fields.Nested(DisclosureView), required=True)
    joint_accounts = fields.List(fields.Nested(JointAccountView), required=True)
