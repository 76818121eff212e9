"""What states, roles and terms of partnerships are called on pages."""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from partnercrm.partnerships.agreements import EntryStage, GoalMeasure, PartnerRole, PartnershipKind, Payer, Phase
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import (
    ChangeStatus,
    MemberRole,
    PartnershipStatus,
    ProposalStatus,
    ReceivedStatus,
    ReviewDefault,
    ValueDisclosure,
)
from partnercrm.partnerships.tiers import Detail, Tier
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    ProposalStatus: {
        ProposalStatus.SENT: _("Waits for an answer"),
        ProposalStatus.WITHDRAWN: _("Withdrawn"),
        ProposalStatus.ACCEPTED: _("Accepted"),
        ProposalStatus.DECLINED: _("Declined"),
    },
    ReceivedStatus: {
        ReceivedStatus.OPEN: _("Waits for you"),
        ReceivedStatus.WITHDRAWN: _("Withdrawn"),
        ReceivedStatus.ACCEPTED: _("Accepted"),
        ReceivedStatus.DECLINED: _("Declined"),
    },
    PartnershipStatus: {
        PartnershipStatus.PROOF_OF_CONCEPT: _("Proof of concept"),
        PartnershipStatus.PILOT: _("Pilot"),
        PartnershipStatus.ROLL_OUT: _("Roll-out"),
        PartnershipStatus.PAUSED: _("Paused"),
        PartnershipStatus.ENDED: _("Ended"),
    },
    MemberRole: {
        MemberRole.PARTNER_MANAGER: _("Partner manager"),
        MemberRole.SELLER: _("Seller"),
        MemberRole.EXECUTIVE: _("Executive"),
        MemberRole.INTEGRATION: _("Integration"),
    },
    Phase: {
        Phase.PROOF_OF_CONCEPT: _("Proof of concept"),
        Phase.PILOT: _("Pilot"),
        Phase.ROLL_OUT: _("Roll-out"),
    },
    ChangeStatus: {
        ChangeStatus.OPEN: _("Waits for an answer"),
        ChangeStatus.ACCEPTED: _("Agreed"),
        ChangeStatus.DECLINED: _("Declined"),
        ChangeStatus.WITHDRAWN: _("Withdrawn"),
    },
    GoalMeasure: {
        GoalMeasure.LEADS_GIVEN: _("Leads given"),
        GoalMeasure.LEADS_ACCEPTED: _("Leads accepted"),
        GoalMeasure.LEADS_QUALIFIED: _("Leads qualified"),
        GoalMeasure.LEADS_WON: _("Leads won"),
        GoalMeasure.WON_VALUE: _("Value won"),
        GoalMeasure.ENTERED: _("A number we enter"),
    },
    PartnershipKind: {
        PartnershipKind.REFERRAL: _("Referral"),
        PartnershipKind.CO_SELL: _("Co-selling"),
        PartnershipKind.RESELL: _("Reselling"),
        PartnershipKind.TECHNOLOGY: _("Technology"),
        PartnershipKind.SERVICES: _("Services"),
        PartnershipKind.STRATEGIC: _("Strategic"),
    },
    Measure: {
        Measure.OFFERED: _("Leads given"),
        Measure.ACCEPTED: _("Leads accepted"),
        Measure.QUALIFIED: _("Leads qualified"),
        Measure.WON: _("Leads won"),
    },
    Tier: {
        Tier.PUBLIC: _("Public"),
        Tier.PARTNER_INTERNAL: _("Partner-internal"),
        Tier.NEED_TO_KNOW: _("Need-to-know"),
    },
    Detail: {
        Detail.MARKET: _("Country, industry and size"),
        Detail.NEED: _("What is needed"),
        Detail.COMPANY: _("Company"),
        Detail.CONTACT: _("Contact person"),
        Detail.VALUE: _("Value"),
        Detail.MESSAGE: _("Message"),
    },
    PartnerRole: {
        PartnerRole.REFERRAL: _("One side only refers the customer"),
        PartnerRole.CO_SELL: _("Both sell together"),
        PartnerRole.TECHNICAL: _("The partner helps technically"),
        PartnerRole.DELIVERY: _("The partner delivers"),
        PartnerRole.RESALE: _("The partner resells"),
    },
    EntryStage: {
        EntryStage.PROSPECT: _("Prospect"),
        EntryStage.QUALIFIED: _("Qualified"),
        EntryStage.TECHNICAL_VALIDATION: _("Technical validation"),
        EntryStage.BUSINESS_VALIDATION: _("Business validation"),
        EntryStage.COMMITTED: _("Committed"),
    },
    Payer: {
        Payer.SOURCE: _("Whoever created the deal"),
        Payer.PARTNER: _("The partner"),
    },
    ReviewDefault: {
        ReviewDefault.EXPIRED: _("Expire"),
        ReviewDefault.APPROVED: _("Count as approved"),
    },
    ValueDisclosure: {
        ValueDisclosure.BAND: _("As a band"),
        ValueDisclosure.EXACT: _("Exactly"),
    },
}

FIELDS: Final[Mapping[str, LazyString]] = {
    "kind": _("Kind of partnership"),
    "share_given_percent": _("Agreed giving"),
    "tolerance_points": _("Tolerance"),
    "measure": _("Which leads count"),
    "window_months": _("Months that count"),
    "trust_advance": _("Trust advance"),
    "response_hours": _("Response time"),
    "offer_days": _("Unanswered offers end"),
    "follow_up_hours": _("Status of accepted leads"),
    "snooze_days": _("Putting off"),
    "review_hours": _("Review of registered deals"),
    "review_default": _("Deals nobody reviewed in time"),
    "protection_days": _("Protection of registered deals"),
    "value_disclosure": _("Values are told"),
    "overlay_cap_percent": _("Overlay at most"),
    "moderator_email": _("Moderator"),
    "regions": _("Regions"),
    "goals": _("Goal"),
    "criteria": _("Exit criterion"),
    "product_lines": _("Product line"),
    "split_templates": _("Template of a split"),
} | {f"tiers.{detail}": words for detail, words in WORDS[Detail].items()}
