"""Shapes of the record on the wire."""

from marshmallow import fields

from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Id, Moment, Shape, Text


class AuditQuery(ListQuery):
    """Filters of the audit trail."""

    sort = sort_field("-recorded_at", "recorded_at")
    verb = Text(most=80, example="lead.offered")
    subject_id = Id()


class ActivityView(Shape):
    """One thing that was done."""

    id = Id(required=True)
    verb = Text(most=80, example="lead.offered", required=True)
    subject = Text(most=80, example="offers", required=True)
    subject_id = Id(required=True)
    user_id = Id(required=True, allow_none=True)
    token_id = Id(required=True, allow_none=True)
    request_id = Text(most=64, least=0, example="0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", required=True)
    facts = fields.Dict(required=True, metadata={"example": {"reason": "no_capacity"}})
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)
