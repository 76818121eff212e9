"""Shapes of proposals and partnerships on the wire."""

from typing import Any

from marshmallow import fields

from partnercrm.partnerships.models import (
    MemberRole,
    PartnershipStatus,
    ProposalStatus,
    ReceivedStatus,
)
from partnercrm.partnerships.schemas.terms import AgreedTermsView, TermsShape, WholeTermsView
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Email, Id, Moment, Shape, Text

__all__ = [
    "AgreedTermsView",
    "MemberView",
    "NameMember",
    "PartnershipQuery",
    "PartnershipView",
    "ProposalQuery",
    "ProposalView",
    "ProposePartnership",
    "ReceivedProposalQuery",
    "ReceivedProposalView",
    "SideView",
]


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


class PartnershipView(Shape):
    """A partnership as both sides see it; sides and members ordered by organization."""

    id = Id(required=True)
    status = Choice(PartnershipStatus, required=True)
    sides = fields.List(fields.Nested(SideView), required=True, attribute="sides_by_id")
    terms = fields.Nested(WholeTermsView, required=True)
    members = fields.List(fields.Nested(MemberView), required=True, attribute="members_by_name")
    started_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class NameMember(Shape):
    """One of your own people to name as a member."""

    user_id = Id(required=True)
    role = Choice(MemberRole, required=True)
