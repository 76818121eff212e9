"""The pages of incentives, and the way to them in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.incentives.pages import dividing, earning, panels, paying, planning, previewing, questions, sharing
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries import questions as asked
from partnercrm.incentives.queries.agreements import counts_waiting
from partnercrm.incentives.queries.books import counts_open

__all__ = ["dividing", "earning", "pages", "panels", "paying", "planning", "previewing", "questions", "sharing"]

pages.way(
    "deals",
    "split_proposals",
    _("Splits"),
    "split_proposal",
    "propose_split",
    "change_split",
    "division",
    "deal_came_to",
    "revenue",
    "refund",
    count=lambda actor: counts_waiting(actor) if actor.has("incentives:agree") else 0,
)

pages.way(
    "deals",
    "compensation_plans",
    _("Compensation plans"),
    "compensation_plan",
    "simulate_compensation_plan",
    "new_compensation_plan",
    "change_compensation_plan",
)
pages.way("deals", "my_plan", _("My plan"))
pages.way("deals", "my_earnings", _("My earnings"), "statement_item")
pages.way("deals", "pay_outs", _("Pay-outs"), "pay_out", count=counts_open)
pages.way("deals", "earning_questions", _("Questions on pay"), "earning_question", count=asked.counts_open)
