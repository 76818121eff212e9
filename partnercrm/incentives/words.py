"""What portions of a deal, rules of plans and postings are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.incentives.models.ledgers import PayOutStatus
from partnercrm.incentives.models.questions import QuestionStatus
from partnercrm.incentives.models.revenues import RevenueKind
from partnercrm.incentives.plans import CoSell, PlanStatus, QuotaPeriod, Rule, TierMode, Trigger
from partnercrm.incentives.posting import Kind, Reason, Waits
from partnercrm.incentives.sharing import Portion
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Rule: {
        Rule.TIER: _("Rate"),
        Rule.ACCELERATOR: _("Accelerator"),
        Rule.CO_SELL: _("Sold with a partner"),
        Rule.FLOOR: _("Least of a deal"),
        Rule.DEAL_CAP: _("Cap of a deal"),
        Rule.PERIOD_CAP: _("Cap of the period"),
        Rule.LEAD_BONUS: _("Bonus for leads"),
        Rule.ROUNDING: _("Rounded"),
    },
    PlanStatus: {
        PlanStatus.DRAFT: _("Draft"),
        PlanStatus.PUBLISHED: _("Published"),
        PlanStatus.SUPERSEDED: _("A later version holds"),
    },
    TierMode: {
        TierMode.MARGINAL: _("earns that rate for what lies in the tier"),
        TierMode.WHOLE: _("earns that rate for all of it"),
    },
    Trigger: {
        Trigger.WON: _("won"),
        Trigger.INVOICED: _("invoiced"),
        Trigger.PAID: _("paid by the customer"),
        Trigger.ELSEWHERE: _("computed elsewhere and brought in"),
    },
    QuotaPeriod: {
        QuotaPeriod.MONTH: _("month"),
        QuotaPeriod.QUARTER: _("quarter"),
        QuotaPeriod.YEAR: _("year"),
    },
    CoSell: {
        CoSell.ALONE: _("had no part"),
        CoSell.SOURCED: _("brought the deal"),
        CoSell.INFLUENCED: _("helped to win it"),
        CoSell.LATE: _("came in late"),
    },
    Kind: {
        Kind.ACCRUAL: _("Earned"),
        Kind.CLAWBACK: _("Clawed back"),
        Kind.RELEASE: _("Due"),
        Kind.PAY_OUT: _("Paid"),
        Kind.CORRECTION: _("Corrected"),
        Kind.BONUS: _("Bonus for a lead"),
        Kind.IMPORT: _("Computed elsewhere"),
        Kind.FEE: _("Fee"),
    },
    Reason: {
        Reason.MISTAKE: _("A mistake"),
        Reason.GOODWILL: _("Goodwill"),
        Reason.AGREED: _("As was agreed"),
    },
    Waits: {
        Waits.SPLIT: _("both sides have to agree how the deal is shared"),
        Waits.DIVISION: _("your side has to divide its share"),
        Waits.PLAN: _("somebody has no compensation plan for that day"),
        Waits.RATE: _("an exchange rate of that day is missing"),
    },
    RevenueKind: {
        RevenueKind.WON: _("Won"),
        RevenueKind.INVOICED: _("Invoiced"),
        RevenueKind.PAID: _("Paid by the customer"),
        RevenueKind.REFUNDED: _("Refunded"),
    },
    QuestionStatus: {
        QuestionStatus.OPEN: _("Waits for an answer"),
        QuestionStatus.ANSWERED: _("Answered"),
        QuestionStatus.WITHDRAWN: _("Taken back"),
    },
    PayOutStatus: {
        PayOutStatus.PROPOSED: _("Waits for approval"),
        PayOutStatus.APPROVED: _("Approved"),
        PayOutStatus.WITHDRAWN: _("Taken back"),
    },
    Portion: {
        Portion.REVENUE_SPLIT: _("Revenue split"),
        Portion.OVERLAY_SPLIT: _("Overlay"),
        Portion.REFERRAL_FEE: _("Referral fee"),
        Portion.REVENUE_SHARE: _("Revenue share"),
    },
}
