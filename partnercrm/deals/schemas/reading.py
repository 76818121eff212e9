"""Shapes of what each side reads of registrations."""

from typing import Final

from marshmallow import fields

from partnercrm.activity.schemas import ActivityView
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.deals.registering import AskedField, Involvement, RegistrationStatus, RejectReason
from partnercrm.deals.schemas.registering import StepView
from partnercrm.deals.stages import Stage
from partnercrm.leads.bands import ValueBand
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, MoneyShape, Shape, Text

DIRECTIONS: Final = ("made", "received")


class RegistrationOwnerView(Shape):
    """Who of your own side works on it."""

    id = Id(required=True)
    name = Text(most=200, example="Sam Doyle", required=True)


class OutweighedView(Shape):
    """The step of the other side that outweighed this claim, and from when it counts."""

    kind = Choice(EvidenceKind, required=True)
    counts_from = Moment(required=True)


class RegistrationView(Shape):
    """A deal that one side registered and the other reviews."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "Which side registered it."})
    direction = fields.String(
        required=True,
        validate=limits.OneOf(DIRECTIONS),
        metadata={"example": "made", "description": "Whether your side made it or received it."},
    )
    joint_account_id = Id(required=True)
    account_name = Text(most=200, example="Northwind Traders", required=True, allow_none=True)
    product_line_id = Id(required=True, allow_none=True)
    offer_id = Id(
        required=True, allow_none=True, metadata={"description": "The reviewing side's lead that became the deal."}
    )
    status = Choice(RegistrationStatus, required=True)
    reason = Choice(RejectReason, required=True, allow_none=True)
    note = Text(most=500, least=0, example="When do they decide?", required=True)
    involvement = Choice(Involvement, required=True)
    value = fields.Nested(
        MoneyShape,
        required=True,
        allow_none=True,
        metadata={"description": "Your own exactly; the other side's where both agreed to tell values so."},
    )
    value_band = Choice(ValueBand, required=True)
    currency = Text(least=3, most=3, example="EUR", required=True)
    close_on = Day(required=True)
    asks = Text(most=500, least=0, example="A reference call with their logistics team.", required=True)
    asked_fields = fields.List(Choice(AskedField), required=True, metadata={"description": "What is to be mended."})
    entry_stage = Choice(Stage, required=True, metadata={"description": "How far that side had come alone."})
    lost_before = Flag(required=True, example=False, metadata={"description": "Whether it was lost before, alone."})
    direct_deal = Flag(required=True, allow_none=True, example=False)
    owner = fields.Nested(
        RegistrationOwnerView,
        required=True,
        allow_none=True,
        metadata={"description": "Who of your own side works on it; in lists yourself alone. Never the partner's."},
    )
    evidence = fields.List(fields.Nested(StepView), required=True)
    outweighed = fields.Nested(OutweighedView, required=True, allow_none=True)
    submitted_at = Moment(required=True)
    respond_by = Moment(required=True)
    ends_at = Moment(
        required=True,
        metadata={"description": "When the time to answer is over, or the protection of what is approved."},
    )
    approved_at = Moment(required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)


class RegistrationEventView(Shape):
    """One event of a registration: which side did what."""

    id = Id(required=True)
    acting_organization_id = Id(required=True)
    verb = Text(most=80, example="registration.approved", required=True)
    facts = ActivityView().fields["facts"]
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class RegistrationQuery(ListQuery):
    """Filters and orders of registrations."""

    sort = sort_field("-submitted_at", "submitted_at", "respond_by", "-respond_by")
    status = Choice(RegistrationStatus)
    reason = Choice(RejectReason)
    partnership_id = Id()
    joint_account_id = Id()
    product_line_id = Id()
    direction = fields.String(validate=limits.OneOf(DIRECTIONS), metadata={"example": "made"})
    mine = Flag(example=True, metadata={"description": "Those you work on."})
