"""Shapes of receipts on the wire: names of fields, never their values."""

from marshmallow import fields

from partnercrm.disclosures.models import Part
from partnercrm.partnerships.tiers import Tier
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, Shape, Text, Whole


class ReceiptQuery(ListQuery):
    """Filters and orders of receipts."""

    sort = sort_field("-disclosed_at", "disclosed_at")
    tier = Choice(Tier)
    subject_id = Id()
    discloser_id = Id()
    stands = Flag(example=True, metadata={"description": "Whether it still stands, or was taken back."})


class ReceiptView(Shape):
    """What one side has shown the other."""

    id = Id(required=True)
    discloser_id = Id(required=True)
    receiver_id = Id(required=True)
    subject = Text(most=60, example="offers", required=True)
    subject_id = Id(required=True)
    part = Choice(Part, required=True)
    fields_ = fields.List(Text(most=60, example="company_name"), required=True, data_key="fields", attribute="fields")
    tier = Choice(Tier, required=True)
    disclosed_at = Moment(required=True)
    revoked_at = Moment(required=True, allow_none=True)
    emptied = fields.List(
        Text(most=60, example="contact_name"),
        required=True,
        metadata={
            "description": "Of the fields, those emptied since then in the copy, by retention or because a person was"
            " erased; the rest stands until revoked_at."
        },
    )
    emptied_at = Moment(required=True, allow_none=True, metadata={"description": "When any of them was emptied last."})


class FlowView(Shape):
    """What flowed in a month from one side at one tier: counts, no content."""

    month = Day(required=True)
    discloser_id = Id(required=True)
    tier = Choice(Tier, required=True)
    disclosed = Whole(least=0, most=10**9, example=12, required=True)
    fields_ = Whole(least=0, most=10**9, example=48, required=True, data_key="fields", attribute="fields")
    revoked = Whole(least=0, most=10**9, example=1, required=True)


class FlowsView(Shape):
    """What flowed in a partnership, by month; ordered by month and organization, never by viewer."""

    flows = fields.List(fields.Nested(FlowView), required=True)
