"""Shapes of how two sides share a deal: splits and fees in millionths, 1,000,000 being all."""

from marshmallow import fields

from partnercrm.partnerships.agreements import EntryStage, PartnerRole
from partnercrm.partnerships.models import ChangeStatus
from partnercrm.partnerships.schemas.items import SplitTemplateShape
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, Shape, Whole

_ROLE = {"description": "What the partner of the side that created the deal does in it."}
_BASED = {"description": "The version agreed last that this is to follow; 0 where none is."}


class ShareShape(Shape):
    """What one side has of a deal: its split of the revenue credit, and overlay on top."""

    organization_id = Id(required=True)
    revenue_split = Whole(least=0, most=10**6, example=600_000, required=True)
    overlay_split = Whole(least=0, most=10**6, example=0, load_default=0)


class FeeShape(Shape):
    """What one side pays the other of a deal's amount."""

    payer_id = Id(required=True)
    rate = Whole(least=1, most=10**6, example=100_000, required=True)


class ProposeSplit(Shape):
    """How your side would have a deal shared: by a template of the terms, or as you write it, not both."""

    based_on = Whole(least=0, most=10**6, example=0, required=True, metadata=_BASED)
    effective_on = Day(
        load_default=None, allow_none=True, metadata={"description": "Never in the past; null: once both agreed."}
    )
    role = Choice(PartnerRole, required=True, metadata=_ROLE)
    template_id = Id(load_default=None, allow_none=True)
    shares = fields.List(
        fields.Nested(ShareShape),
        load_default=list,
        validate=limits.Length(max=2),
        metadata={"description": "Of both sides; revenue splits of exactly 1,000,000, overlays inside the agreed cap."},
    )
    referral_fee = fields.Nested(FeeShape, load_default=None, allow_none=True)
    revenue_share = fields.Nested(FeeShape, load_default=None, allow_none=True)


class SharingView(Shape):
    """How a deal is shared, in the order of the organizations: the same bytes for both."""

    deal_id = Id(required=True)
    origin_id = Id(required=True, metadata={"description": "Which side created the deal."})
    role = Choice(PartnerRole, required=True, metadata=_ROLE)
    stage = Choice(EntryStage, required=True, metadata={"description": "At which stage the partner came in."})
    template_id = Id(required=True, allow_none=True)
    shares = fields.List(fields.Nested(ShareShape), required=True)
    referral_fee = fields.Nested(FeeShape, required=True, allow_none=True, attribute="referral")
    revenue_share = fields.Nested(FeeShape, required=True, allow_none=True, attribute="revenue")


class SplitAgreementView(SharingView):
    """A version of how both agreed to share a deal."""

    version = Whole(least=1, most=10**6, example=1, required=True)
    proposal_id = Id(required=True)
    effective_at = Moment(required=True)
    recorded_at = Moment(required=True)


class SplitProposalView(SharingView):
    """How one side would have a deal shared, and the answer."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    proposed_by = Id(required=True, attribute="organization_id")
    based_on = Whole(least=0, most=10**6, example=0, required=True, metadata=_BASED)
    effective_on = Day(required=True, allow_none=True)
    status = Choice(ChangeStatus, required=True)
    agreed_version = Whole(least=1, most=10**6, example=1, required=True, allow_none=True)
    proposed_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)


class DealSharingView(Shape):
    """How a deal is shared now, what was agreed last, what waits, and what another proposal can rest on."""

    deal_id = Id(required=True)
    origin_id = Id(required=True)
    stage = Choice(
        EntryStage,
        required=True,
        allow_none=True,
        metadata={"description": "At which stage the partner came in; null while it only knows of the deal."},
    )
    version = Whole(least=0, most=10**6, example=1, required=True, metadata=_BASED)
    overlay_cap_percent = Whole(least=0, most=100, example=10, required=True)
    in_force = fields.Nested(SplitAgreementView, required=True, allow_none=True)
    latest = fields.Nested(SplitAgreementView, required=True, allow_none=True)
    waiting = fields.Nested(SplitProposalView, required=True, allow_none=True)
    templates = fields.List(
        fields.Nested(SplitTemplateShape),
        required=True,
        metadata={"description": "The one agreed for each role, by who created the deal and when the partner came in."},
    )


class SplitAgreementQuery(ListQuery):
    """Orders of the versions."""

    sort = sort_field("-version", "version")


class SplitProposalQuery(ListQuery):
    """Filters and orders of proposals."""

    sort = sort_field("-proposed_at", "proposed_at")
    deal_id = Id()
    partnership_id = Id()
    status = Choice(ChangeStatus)
    waiting = Flag(example=True, metadata={"description": "Those your side is to answer."})
