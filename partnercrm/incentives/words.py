"""What portions of a deal and rules of plans are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.incentives.plans import Rule
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
    Portion: {
        Portion.REVENUE_SPLIT: _("Revenue split"),
        Portion.OVERLAY_SPLIT: _("Overlay"),
        Portion.REFERRAL_FEE: _("Referral fee"),
        Portion.REVENUE_SHARE: _("Revenue share"),
    },
}
