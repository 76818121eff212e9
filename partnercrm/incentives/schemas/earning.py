"""Shapes of what won deals come to, as both sides read it."""

from typing import Any

from marshmallow import fields

from partnercrm.incentives.models.revenues import RevenueKind
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Id, Moment, MoneyShape, OneOf, Shape, Written

_REFERENCE = {"description": "Of an invoice or payment; with it nobody, of either side, records the same twice."}


def _reference(**options: Any) -> Written:
    wrong = "Write letters, digits and . _ / - only, at most 40."
    return Written(r"[A-Za-z0-9._/-]*", wrong, least=0, most=40, example="INV-2026-117", metadata=_REFERENCE, **options)


class RecordRevenue(Shape):
    """What a won deal came to: invoiced, paid, or won once more."""

    kind = OneOf(RevenueKind.INVOICED, RevenueKind.PAID, RevenueKind.WON, required=True)
    amount = fields.Nested(MoneyShape, required=True)
    reference = _reference(load_default="")
    happened_at = Moment(required=True)


class RefundRevenue(Shape):
    """What of it was undone; without an amount all that is left."""

    amount = fields.Nested(MoneyShape, load_default=None, allow_none=True)
    reference = _reference(load_default="")
    happened_at = Moment(required=True)


class RevenueView(Shape):
    """An event of a deal's money: the same bytes for both sides."""

    id = Id(required=True)
    deal_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "Which side recorded it."})
    kind = Choice(RevenueKind, required=True)
    of_id = Id(required=True, allow_none=True, metadata={"description": "What a refund undoes."})
    reference = _reference(required=True)
    amount = fields.Nested(MoneyShape, required=True)
    refunded = fields.Nested(MoneyShape, required=True)
    left = fields.Nested(MoneyShape, required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class RevenueQuery(ListQuery):
    """In which order."""

    sort = sort_field("-happened_at", "happened_at")
