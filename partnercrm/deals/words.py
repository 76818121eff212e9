"""What states, stages, reasons and steps of registrations and deals are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.deals.attributing import Credit, Deed
from partnercrm.deals.baselines import Against
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.deals.living import Shown
from partnercrm.deals.models.books import Forecast
from partnercrm.deals.registering import AskedField, Involvement, RegistrationStatus, RejectReason
from partnercrm.deals.stages import LossReason, Stage
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    RegistrationStatus: {
        RegistrationStatus.SUBMITTED: _("Submitted"),
        RegistrationStatus.IN_REVIEW: _("In review"),
        RegistrationStatus.ACTION_REQUIRED: _("Action required"),
        RegistrationStatus.APPROVED: _("Approved"),
        RegistrationStatus.EXTENDED: _("Extended"),
        RegistrationStatus.REJECTED: _("Not approved"),
        RegistrationStatus.WITHDRAWN: _("Withdrawn"),
        RegistrationStatus.EXPIRED: _("Expired"),
    },
    Involvement: {
        Involvement.CO_SELL: _("We sell together"),
        Involvement.VISIBILITY_ONLY: _("They only know of it"),
    },
    RejectReason: {
        RejectReason.NOT_ELIGIBLE: _("Not what was agreed"),
        RejectReason.DIRECT_DEAL: _("A direct deal there"),
        RejectReason.NO_JOINT_VALUE: _("No joint value"),
        RejectReason.TOO_LITTLE_INFORMATION: _("Too little information"),
        RejectReason.OTHER: _("Another reason"),
        RejectReason.EARLIER_EVIDENCE: _("The other side has an earlier step on record"),
        RejectReason.APPEAL: _("An appeal gave the place to the other side"),
    },
    AskedField: {
        AskedField.VALUE: _("Expected value"),
        AskedField.CLOSE_ON: _("Expected close"),
        AskedField.ASKS: _("What you ask of the partner"),
        AskedField.INVOLVEMENT: _("Involvement"),
    },
    EvidenceKind: {
        EvidenceKind.PROPOSAL_SENT: _("A proposal was sent"),
        EvidenceKind.NEED_CONFIRMED: _("The customer confirmed the need"),
        EvidenceKind.MEETING_HELD: _("A meeting was held"),
        EvidenceKind.REGISTERED: _("The deal was registered"),
    },
    Stage: {
        Stage.PROSPECT: _("Prospect"),
        Stage.QUALIFIED: _("Qualified"),
        Stage.TECHNICAL_VALIDATION: _("Technical validation"),
        Stage.BUSINESS_VALIDATION: _("Business validation"),
        Stage.COMMITTED: _("Committed"),
        Stage.CLOSED_WON: _("Won"),
        Stage.CLOSED_LOST: _("Lost"),
    },
    LossReason: {
        LossReason.PRICE: _("Price"),
        LossReason.COMPETITOR: _("A competitor"),
        LossReason.NO_BUDGET: _("No budget"),
        LossReason.NO_DECISION: _("No decision"),
        LossReason.NOT_SUITABLE: _("Not suitable"),
        LossReason.OTHER: _("Another reason"),
    },
    Forecast: {
        Forecast.OMITTED: _("Not counted on"),
        Forecast.PIPELINE: _("In the pipeline"),
        Forecast.BEST_CASE: _("At best"),
        Forecast.COMMIT: _("Counted on"),
    },
    Deed: {
        Deed.REGISTERED: _("The deal was registered"),
        Deed.PROPOSAL_SENT: _("A proposal was sent"),
        Deed.NEED_CONFIRMED: _("The customer confirmed the need"),
        Deed.MEETING_HELD: _("A meeting was held"),
        Deed.LEAD_GIVEN: _("The lead was given that became the deal"),
        Deed.ADVANCED: _("The deal came further than ever before"),
    },
    Shown: {
        Shown.LOGO: _("Logo only"),
        Shown.ONE_SIDED: _("Customer or project only"),
        Shown.CO_SELLING: _("Co-selling"),
    },
    Against: {
        Against.HIGHER: _("Higher"),
        Against.LOWER: _("Lower"),
        Against.ALIKE: _("No difference beyond chance"),
        Against.TOO_FEW: _("Too few to tell"),
        Against.NOT_STATED: _("Nothing stated"),
    },
    Credit: {
        Credit.SOURCED: _("Sourced"),
        Credit.INFLUENCED: _("Influenced"),
    },
}
