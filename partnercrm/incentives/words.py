"""What the portions of a deal are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.incentives.sharing import Portion
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Portion: {
        Portion.REVENUE_SPLIT: _("Revenue split"),
        Portion.OVERLAY_SPLIT: _("Overlay"),
        Portion.REFERRAL_FEE: _("Referral fee"),
        Portion.REVENUE_SHARE: _("Revenue share"),
    },
}
