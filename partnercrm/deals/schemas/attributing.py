"""Shapes of what is logged for a deal, and of whose it is."""

from marshmallow import fields

from partnercrm.deals.attributing import Credit, Deed
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.web.shapes import Choice, Id, Moment, Shape, Whole


class DealEventView(Shape):
    """What one side did for a deal, and when; never with whom."""

    id = Id(required=True)
    deal_id = Id(required=True)
    organization_id = Id(required=True)
    kind = Choice(EvidenceKind, required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class AttributionQuery(Shape):
    """As of when."""

    as_of = Moment(metadata={"description": "By what was on record then; now if left out."})


class CountedView(Shape):
    """One deed, and what it counts as."""

    organization_id = Id(required=True)
    deed = Choice(Deed, required=True)
    credit = Choice(Credit, required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)
    counts_from = Moment(required=True)


class AttributionView(Shape):
    """Who sourced a deal: always one side, the primary credit; and the other side where it influenced it."""

    as_of = Moment(required=True)
    rules_version = Whole(least=1, most=10**6, example=1, required=True)
    look_back_days = Whole(least=1, most=10**4, example=180, required=True)
    sourced_by = Id(required=True)
    influenced_by = Id(required=True, allow_none=True)
    evidence = fields.List(fields.Nested(CountedView), required=True)
