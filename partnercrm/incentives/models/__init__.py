"""What incentives keep: how deals are shared (shared) and how each side divides its own share (owned)."""

from partnercrm.incentives.models.agreements import SplitAgreement, SplitProposal
from partnercrm.incentives.models.divisions import SplitDivision, SplitParticipant

__all__ = ["SplitAgreement", "SplitDivision", "SplitParticipant", "SplitProposal"]
