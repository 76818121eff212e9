"""Shapes of proposals and partnerships on the wire."""

from typing import Any

from marshmallow import fields

from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import (
    MemberRole,
    PartnershipKind,
    PartnershipStatus,
    ProposalStatus,
    ReceivedStatus,
    ValueDisclosure,
)
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Email, Id, Moment, Shape, Text, Whole


class TermsShape(Shape):
    """What is agreed. When proposing, the share is the proposer's; in a partnership it is each side's own."""

    share_given_percent = Whole(
        least=1,
        most=99,
        example=50,
        load_default=50,
        metadata={"description": "The share of all leads that the first side is to give, in percent."},
    )
    tolerance_points = Whole(
        least=0,
        most=49,
        example=10,
        load_default=10,
        metadata={"description": "How far the share may be off, in percentage points either way."},
    )
    response_hours = Whole(
        least=1,
        most=2160,
        example=48,
        load_default=48,
        metadata={"description": "Within how many hours an offered lead is to be answered."},
    )
    offer_days = Whole(
        least=1,
        most=365,
        example=30,
        load_default=30,
        metadata={"description": "After how many days an unanswered offer expires."},
    )
    value_disclosure = Choice(
        ValueDisclosure,
        load_default=ValueDisclosure.BAND,
        metadata={"description": "Whether a lead's value is told to the other side as a band or exactly."},
    )


class ProposePartnership(Shape):
    """A partnership to propose."""

    addressee = Email(required=True, metadata={"description": "Someone at the other organization."})
    message = Text(most=2000, least=0, example="Shall we sell together in the north?", load_default="")
    terms = fields.Nested(TermsShape, load_default=lambda: TermsShape().load({}))


class ProposalView(Shape):
    """A proposal you sent. Its status tells nothing about who reads mail at the address."""

    id = Id(required=True)
    addressee = Email(required=True)
    message = Text(most=2000, least=0, example="Shall we sell together in the north?", required=True)
    status = Choice(ProposalStatus, required=True)
    terms = fields.Nested(TermsShape, required=True, attribute="self")
    partnership_id = Id(required=True, allow_none=True)
    created_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the terms from the proposal itself."""
        return obj if attr == "self" else super().get_attribute(obj, attr, default)


class ReceivedProposalView(Shape):
    """A proposal you received."""

    id = Id(required=True)
    proposer_name = Text(most=200, example="Acme", required=True)
    proposed_by_name = Text(most=200, example="Dana Whitfield", required=True)
    message = Text(most=2000, least=0, example="Shall we sell together in the north?", required=True)
    status = Choice(ReceivedStatus, required=True)
    terms = fields.Nested(TermsShape, required=True, attribute="self")
    partnership_id = Id(required=True, allow_none=True)
    received_at = Moment(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the terms from the proposal itself."""
        return obj if attr == "self" else super().get_attribute(obj, attr, default)


class ProposalQuery(ListQuery):
    """Orders of the proposals sent."""

    sort = sort_field("-created_at", "created_at")


class ReceivedProposalQuery(ListQuery):
    """Orders of the proposals received."""

    sort = sort_field("-received_at", "received_at")


class PartnershipQuery(ListQuery):
    """Orders of the partnerships."""

    sort = sort_field("-started_at", "started_at")


class SideView(Shape):
    """One side of a partnership."""

    organization_id = Id(required=True)
    name = Text(most=200, example="Acme", required=True)


class MemberView(Shape):
    """A member of a partnership, by name and role."""

    id = Id(required=True)
    organization_id = Id(required=True)
    name = Text(most=200, example="Dana Whitfield", required=True)
    role = Choice(MemberRole, required=True)
    joined_at = Moment(required=True)


class AgreedTermsView(TermsShape):
    """The terms in force; the share is that of the first side, the one with the smaller id."""

    version = Whole(least=1, most=10**6, example=1, required=True)
    effective_at = Moment(required=True)
    kind = Choice(PartnershipKind, required=True, allow_none=True)
    follow_up_hours = Whole(
        least=1,
        most=2160,
        example=336,
        required=True,
        metadata={"description": "Within how many hours the receiver of an accepted lead is to say how it stands."},
    )
    snooze_days = Whole(
        least=0,
        most=90,
        example=14,
        required=True,
        metadata={"description": "For how many days a receiver may put an accepted lead off."},
    )
    trust_advance = Whole(
        least=1,
        most=1000,
        example=3,
        required=True,
        allow_none=True,
        metadata={"description": "How many leads one side gives before it is the other's turn; null when not agreed."},
    )
    measure = Choice(Measure, required=True, metadata={"description": "Which leads count for the agreed share."})
    window_months = Whole(
        least=1,
        most=60,
        example=12,
        required=True,
        allow_none=True,
        metadata={"description": "How many months count, the present one included; null from the beginning."},
    )


class PartnershipView(Shape):
    """A partnership as both sides see it; sides and members ordered by organization."""

    id = Id(required=True)
    status = Choice(PartnershipStatus, required=True)
    sides = fields.List(fields.Nested(SideView), required=True, attribute="sides_by_id")
    terms = fields.Nested(AgreedTermsView, required=True)
    members = fields.List(fields.Nested(MemberView), required=True, attribute="members_by_name")
    started_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class NameMember(Shape):
    """One of your own people to name as a member."""

    user_id = Id(required=True)
    role = Choice(MemberRole, required=True)
