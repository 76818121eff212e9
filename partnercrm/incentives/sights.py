"""What incentives know of a person, and the query that grants it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight
from partnercrm.incentives.queries import books, divisions, plans, questions, simulating
from partnercrm.kernel.actor import Actor


def _has_part(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {
            "organization_id": person.organization_id,
            "user_id": person.user_id,
            "partnership_id": partnership_id,
        }
    return None


def _assigned(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "user_id": person.user_id, "team_id": None}


def _own(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "user_id": person.user_id}


def _in_books(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id}


SIGHTS: Final = (
    Sight(
        "deal_shares",
        _("Which part of your side's share of a deal is yours"),
        ("read_division", "divide_share"),
        divisions.split_participants_seen_by,
        _has_part,
        ("ParticipantShape.user_id",),
        apart=_("Your partner reads nothing of it, not even whether there is anything."),
    ),
    Sight(
        "compensation_plan",
        _("By which compensation plan you are paid from when"),
        (
            *("list_compensation_plans", "read_compensation_plan", "draft_compensation_plan"),
            *("change_compensation_plan", "publish_compensation_plan", "assign_compensation_plan"),
        ),
        plans.compensation_assignments_seen_by,
        _assigned,
        ("CompensationAssignmentView.user_id",),
        apart=_("Of your company, only those who keep plans; your partner reads no plan."),
    ),
    Sight(
        "earnings",
        _("What you earned, by which rule, and what of it is held, due and paid"),
        ("read_earnings", "list_statement", "correct_earnings", "import_earnings"),
        books.ledger_entries_seen_by,
        _own,
        apart=_("Of your company nobody reads your statement; your partner reads nothing of it."),
    ),
    Sight(
        "pay_out",
        _("What you are paid in a pay-out"),
        (
            *("list_pay_outs", "propose_pay_out", "read_pay_out"),
            *("approve_pay_out", "withdraw_pay_out"),
        ),
        books.pay_outs_seen_by,
        _in_books,
        ("PayOutLineView.user_id", "PayOutView.proposed_by", "PayOutView.decided_by"),
        apart=_("Of your company, those who propose and approve pay-outs: the total, not the deals."),
    ),
    Sight(
        "earning_questions",
        _("What you ask about a posting of your statement, with that posting, and the answer"),
        (
            *("list_earning_questions", "ask_about_earnings", "read_earning_question"),
            *("answer_about_earnings", "withdraw_about_earnings"),
        ),
        questions.earning_questions_seen_by,
        _own,
        ("EarningQuestionView.user_id", "EarningQuestionView.answered_by"),
        apart=_("Of your company, those who pay; your partner reads nothing of it."),
    ),
    Sight(
        "simulated_earnings",
        _("What you would have earned of your sales by a plan that is being written"),
        ("simulate_compensation_plan",),
        books.simulated_accruals_seen_by,
        _own,
        ("PersonChangeView.name",),
        simulating.opens_persons,
        _("Of your company, those who keep plans, and only where your works agreement opens everybody's figures."),
    ),
)
