"""The pages of incentives, and the way to them in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.incentives.pages import dividing, panels, previewing, sharing
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries.agreements import counts_waiting

__all__ = ["dividing", "pages", "panels", "previewing", "sharing"]

pages.way(
    "deals",
    "split_proposals",
    _("Splits"),
    "split_proposal",
    "propose_split",
    "change_split",
    "division",
    count=lambda actor: counts_waiting(actor) if actor.has("incentives:agree") else 0,
)

pages.way("deals", "my_plan", _("My plan"))
