"""What states, roles and terms of partnerships are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import (
    MemberRole,
    PartnershipKind,
    PartnershipStatus,
    ProposalStatus,
    ReceivedStatus,
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
        PartnershipStatus.ENDED: _("Ended"),
    },
    MemberRole: {
        MemberRole.PARTNER_MANAGER: _("Partner manager"),
        MemberRole.SELLER: _("Seller"),
        MemberRole.EXECUTIVE: _("Executive"),
        MemberRole.INTEGRATION: _("Integration"),
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
    ValueDisclosure: {
        ValueDisclosure.BAND: _("As a band"),
        ValueDisclosure.EXACT: _("Exactly"),
    },
}
