"""What states, reasons, bands and bases of leads are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.leads.bands import ValueBand
from partnercrm.leads.factsheet import Stage
from partnercrm.leads.figures import Figure
from partnercrm.leads.lifecycle import (
    ContestStep,
    DeclineReason,
    DisqualifyReason,
    LossReason,
    OfferStatus,
    ReturnReason,
)
from partnercrm.leads.models.requests import RequestStatus
from partnercrm.leads.reckoning import By, Reckoned
from partnercrm.leads.rounds import RoundStatus
from partnercrm.leads.routing import Bar
from partnercrm.web.page import Words

MISSING: Final = {
    "contact_basis": _("why the contact may be passed on"),
    "contact_channels": _("by what the contact may be approached"),
    "contact_source": _("where the contact's data come from"),
    "contact_information": _("whether the contact was informed"),
    "contact_informed_on": _("the day the contact was informed"),
}
REASONS: Final = {
    OfferStatus.DECLINED: DeclineReason,
    OfferStatus.DISQUALIFIED: DisqualifyReason,
    OfferStatus.LOST: LossReason,
    OfferStatus.RETURNED: ReturnReason,
}
WORDS: Final[Words] = {
    Figure: {
        Figure.GIVEN: _("Leads given"),
        Figure.ACCEPTED: _("Given and accepted"),
        Figure.QUALIFIED: _("Given and qualified"),
        Figure.WON: _("Given and won"),
        Figure.ANSWERED: _("Leads taken on"),
        Figure.IN_TIME: _("Taken on in time"),
        Figure.RESPONSE_HOURS: _("Hours until then, together"),
    },
    Reckoned: {
        Reckoned.OFFERED: _("Leads given"),
        Reckoned.ACCEPTED: _("Leads accepted"),
        Reckoned.QUALIFIED: _("Leads qualified"),
        Reckoned.WON: _("Leads won"),
        Reckoned.EXPECTED_VALUE: _("Expected value"),
        Reckoned.WON_VALUE: _("Value won"),
    },
    Stage: {
        Stage.ANSWER: _("Answer"),
        Stage.QUALIFICATION: _("Qualification"),
        Stage.DEAL: _("Deal"),
    },
    By: {
        By.MONTH: _("Month"),
        By.PRODUCT: _("Product line"),
        By.REGION: _("Country"),
        By.INDUSTRY: _("Industry"),
    },
    OfferStatus: {
        OfferStatus.OFFERED: _("Offered"),
        OfferStatus.ACCEPTED: _("Accepted"),
        OfferStatus.DECLINED: _("Declined"),
        OfferStatus.WITHDRAWN: _("Withdrawn"),
        OfferStatus.EXPIRED: _("Ended unanswered"),
        OfferStatus.QUALIFIED: _("Qualified"),
        OfferStatus.DISQUALIFIED: _("Disqualified"),
        OfferStatus.CONVERTED: _("Opportunity"),
        OfferStatus.WON: _("Won"),
        OfferStatus.LOST: _("Lost"),
        OfferStatus.RETURNED: _("Returned"),
    },
    Bar: {
        Bar.LEFT: _("left"),
        Bar.MAY_NOT_ANSWER: _("may not answer leads"),
        Bar.NO_MEMBER: _("not a member of the partnership"),
        Bar.AWAY: _("away"),
        Bar.FULL: _("has enough open leads"),
        Bar.NOT_ENABLED: _("has something to learn of the partner first"),
    },
    RequestStatus: {
        RequestStatus.WAITING: _("Waits for a decision"),
        RequestStatus.DECLINED: _("Is to wait"),
    },
    ContestStep: {
        ContestStep.CONTESTED: _("Contested"),
        ContestStep.CORRECTED: _("Qualified after a case"),
        ContestStep.UPHELD: _("Disqualified, as a case confirmed"),
        ContestStep.CLAIMED: _("Asked for its credit"),
        ContestStep.RESTORED: _("Credited after a case"),
        ContestStep.LEFT_AS_IS: _("Not credited, as a case confirmed"),
    },
    DeclineReason: {
        DeclineReason.NO_FIT: _("Does not fit what we sell"),
        DeclineReason.NO_CAPACITY: _("No capacity at present"),
        DeclineReason.ALREADY_KNOWN: _("Already in contact"),
        DeclineReason.TOO_LITTLE_INFORMATION: _("Too little information"),
        DeclineReason.CONFLICT_OF_INTEREST: _("Conflict of interest"),
        DeclineReason.OTHER: _("Another reason"),
    },
    DisqualifyReason: {
        DisqualifyReason.NO_NEED: _("No need any more"),
        DisqualifyReason.NO_BUDGET: _("No budget"),
        DisqualifyReason.WRONG_CONTACT: _("Wrong contact"),
        DisqualifyReason.UNREACHABLE: _("Could not be reached"),
        DisqualifyReason.DUPLICATE: _("Known twice"),
        DisqualifyReason.OTHER: _("Another reason"),
    },
    ReturnReason: {
        ReturnReason.NO_CAPACITY: _("No capacity any more"),
        ReturnReason.OUTSIDE_OUR_FIELD: _("Outside our field"),
        ReturnReason.CUSTOMER_PREFERS_GIVER: _("The customer prefers to deal with you"),
        ReturnReason.NO_STATUS: _("No status was told"),
        ReturnReason.OTHER: _("Another reason"),
    },
    RoundStatus: {
        RoundStatus.PROPOSED: _("Proposed"),
        RoundStatus.OPEN: _("Open"),
        RoundStatus.REVEALED: _("Revealed"),
        RoundStatus.RETURNED: _("Ended without an exchange"),
        RoundStatus.DECLINED: _("Declined"),
        RoundStatus.WITHDRAWN: _("Taken back"),
    },
    LossReason: {
        LossReason.PRICE: _("Price"),
        LossReason.COMPETITOR: _("Another supplier was chosen"),
        LossReason.NO_DECISION: _("No decision was made"),
        LossReason.TIMING: _("The time was not right"),
        LossReason.PRODUCT_FIT: _("The product did not fit"),
        LossReason.OTHER: _("Another reason"),
    },
    ValueBand: {
        ValueBand.UNDER_10K: _("under 10,000"),
        ValueBand.FROM_10K: _("10,000 to 50,000"),
        ValueBand.FROM_50K: _("50,000 to 250,000"),
        ValueBand.FROM_250K: _("250,000 to 1,000,000"),
        ValueBand.OVER_1M: _("1,000,000 or more"),
    },
}
