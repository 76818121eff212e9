"""Shapes of co-sell deals: moving one, changing what both read of it, and the states it has been in."""

from marshmallow import fields

from partnercrm.deals.histories import DealAct
from partnercrm.deals.registering import Involvement
from partnercrm.deals.schemas.reading import DIRECTIONS
from partnercrm.deals.stages import LossReason, Stage
from partnercrm.leads.bands import ValueBand
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, MoneyShape, Shape, Text, Whole

_WON = {"description": "Only a committed deal is won; a lost one needs a reason, any other stage forbids it."}


class MoveDeal(Shape):
    """To which stage a deal moves, and when that happened; both sides read both."""

    stage = Choice(Stage, required=True, metadata=_WON)
    reason = Choice(LossReason, allow_none=True, load_default=None)
    happened_at = Moment(
        allow_none=True,
        load_default=None,
        metadata={"description": "When it happened: now if left out, never before the last change."},
    )


class ChangeDeal(Shape):
    """What both read of a deal; what is left out stays."""

    value = fields.Nested(
        MoneyShape,
        metadata={"description": "What it is expected to be worth; both read a band, unless they agreed else."},
    )
    close_on = Day(metadata={"description": "When they may decide."})
    involvement = Choice(Involvement, metadata={"description": "The side that registered it says so."})


class DealView(Shape):
    """A deal two sides work on, as both read it."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    registration_id = Id(required=True, metadata={"description": "The registration that holds the deal."})
    origin_id = Id(required=True, metadata={"description": "Which side created it."})
    direction = fields.String(
        required=True,
        validate=limits.OneOf(DIRECTIONS),
        metadata={"example": "made", "description": "Whether your side registered it or the partner's."},
    )
    joint_account_id = Id(required=True)
    account_name = Text(most=200, example="Northwind Traders", required=True, allow_none=True)
    product_line_id = Id(required=True, allow_none=True)
    involvement = Choice(Involvement, required=True)
    stage = Choice(Stage, required=True)
    reason = Choice(LossReason, required=True, allow_none=True)
    value = fields.Nested(
        MoneyShape,
        required=True,
        allow_none=True,
        metadata={"description": "Where both agreed to tell values exactly; your own estimate stands in your book."},
    )
    value_band = Choice(ValueBand, required=True)
    currency = Text(least=3, most=3, example="EUR", required=True)
    close_on = Day(required=True)
    opened_at = Moment(required=True)
    happened_at = Moment(required=True, metadata={"description": "Since when it stands like this."})
    next_stages = fields.List(
        Choice(Stage), required=True, metadata={"description": "Where your side may move it now."}
    )


class DealQuery(ListQuery):
    """Filters and orders of deals."""

    sort = sort_field("close_on", "-close_on", "-happened_at", "happened_at")
    stage = Choice(Stage)
    open = Flag(example=True, metadata={"description": "Neither won nor lost yet."})
    partnership_id = Id()
    joint_account_id = Id()
    product_line_id = Id()
    involvement = Choice(Involvement)
    direction = fields.String(validate=limits.OneOf(DIRECTIONS), metadata={"example": "made"})
    mine = Flag(example=True, metadata={"description": "Those you work on."})


class FactChangeView(Shape):
    """One field that a change changed: what was read before, and since."""

    field = Text(most=40, example="stage", required=True)
    before = Text(most=100, example="prospect", required=True, allow_none=True)
    after = Text(most=100, example="qualified", required=True, allow_none=True)


class DealStateView(Shape):
    """One state a deal has been in: which side brought it there, when it happened and was recorded."""

    version = Whole(least=1, most=10**9, required=True, example=2)
    act = Choice(DealAct, required=True)
    acting_id = Id(required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)
    changes = fields.List(fields.Nested(FactChangeView), required=True)


class DealStateQuery(ListQuery):
    """A page of the states of a deal, newest first."""
