"""What states, roles and terms of partnerships are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.partnerships.models import (
    MemberRole,
    PartnershipStatus,
    ProposalStatus,
    ReceivedStatus,
    ValueDisclosure,
)
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
    ValueDisclosure: {
        ValueDisclosure.BAND: _("As a band"),
        ValueDisclosure.EXACT: _("Exactly"),
    },
}
