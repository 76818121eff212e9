"""What incentives keep: how deals are shared and what they came to (shared); divisions, plans, the books (owned)."""

from partnercrm.incentives.models import ledgers, questions, revenues
from partnercrm.incentives.models.agreements import SplitAgreement, SplitProposal
from partnercrm.incentives.models.divisions import SplitDivision, SplitParticipant

__all__ = ["SplitAgreement", "SplitDivision", "SplitParticipant", "SplitProposal", "ledgers", "questions", "revenues"]
