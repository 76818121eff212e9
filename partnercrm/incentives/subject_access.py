"""What incentives keep of a person, for handing it out: plans, parts of deals, earnings."""

from typing import Final

from partnercrm.identity.subject_access import MINE, Section, mentions, of_user
from partnercrm.incentives.models import SplitParticipant
from partnercrm.incentives.models.ledgers import Accrual, Entry, ImportedEarning, LeadBonus, PayOutLine
from partnercrm.incentives.models.questions import EarningQuestion

SECTIONS: Final = (
    Section("compensation_plans", "compensation_assignments", ("plan_id", "starts_on"), MINE, of_user()),
    Section(
        "deal_shares",
        SplitParticipant.__tablename__,
        ("deal_id", "version", "parts"),
        MINE,
        of_user(),
    ),
    Section(
        "earnings",
        Entry.__tablename__,
        ("account", "minor", "currency", "rule", "deal_id", "revenue_id"),
        MINE,
        of_user(),
    ),
    Section(
        "earned_by",
        Accrual.__tablename__,
        ("deal_id", "revenue_id", "plan_id", "plan_version", "co_sell", "credit_minor", "currency", "recorded_at"),
        MINE,
        of_user(),
    ),
    Section(
        "lead_bonuses",
        LeadBonus.__tablename__,
        ("offer_id", "plan_id", "plan_version", "qualified_on", "minor", "currency"),
        MINE,
        of_user(),
    ),
    Section(
        "imported_earnings",
        ImportedEarning.__tablename__,
        ("connector", "external_id", "minor", "currency", "earned_on", "recorded_at"),
        MINE,
        of_user(),
    ),
    Section(
        "earning_questions",
        EarningQuestion.__tablename__,
        ("asked_at", "journal_id", "question", "answer", "answered_at"),
        MINE,
        f"({of_user()} OR {of_user('answered_by')} OR {mentions('question', 'answer')})",
    ),
    Section("pay_outs", PayOutLine.__tablename__, ("pay_out_id", "minor"), MINE, of_user()),
)
