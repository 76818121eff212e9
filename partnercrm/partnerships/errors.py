"""How partnerships refuse."""

from partnercrm.kernel.errors import Conflict


class ProposalAlreadyAnswered(Conflict):
    """Accepted, declined or withdrawn before."""

    title = "This proposal was answered or withdrawn already."


class ProposalOpenAlready(Conflict):
    """Two open proposals to one addressee."""

    title = "You have an open proposal to this address already."


class AlreadyPartners(Conflict):
    """One living partnership per pair."""

    title = "You are partners already; end that partnership first."


class PartnershipEnded(Conflict):
    """Nothing more happens here."""

    title = "This partnership has ended."


class MemberAlready(Conflict):
    """Named before."""

    title = "This person is a member of the partnership already."


class LastMember(Conflict):
    """Somebody of each side must be there."""

    title = "Your side needs at least one partner manager in the partnership; name another one first."


class TermChangeOpenAlready(Conflict):
    """One change at a time."""

    title = "A change of the terms waits for an answer already; it is answered or withdrawn first."


class TermChangeAnswered(Conflict):
    """Accepted, declined or withdrawn before."""

    title = "This change was answered or withdrawn already."


class TermsChangedMeanwhile(Conflict):
    """Proposed on the ground of what is no longer agreed."""

    title = "The terms were changed in the meantime. Read them again, then repeat your proposal."


class NothingChanges(Conflict):
    """A proposal of what is agreed already."""

    title = "This says the same as what is agreed already; change something."


class AnsweredByTheOther(Conflict):
    """Nobody agrees with oneself."""

    title = "What one side proposes the other side answers; the side that proposed it can withdraw it."


class PartnershipPaused(Conflict):
    """Nothing new for now."""

    title = "This partnership is paused: nothing new is offered and no phase is left until it is resumed."


class NotPaused(Conflict):
    """Resuming what goes on."""

    title = "This partnership is not paused."


class PausedByTheOther(Conflict):
    """Who paused resumes."""

    title = "The other side paused this partnership, and resumes it."


class NoFurtherPhase(Conflict):
    """Roll-out is the last one."""

    title = "This partnership is in its last phase already."


class CriteriaOpen(Conflict):
    """Not met, or not confirmed by both."""

    title = "Exit criteria of this phase are open; both sides confirm them, or both waive them with a note."


class PhaseMoveOpenAlready(Conflict):
    """One at a time."""

    title = "A move to the next phase waits for an answer already."


class PhaseMoveAnswered(Conflict):
    """Accepted, declined or withdrawn before."""

    title = "This move was answered or withdrawn already."


class CriterionMarkedAlready(Conflict):
    """Said once."""

    title = "Your side said already that this criterion is met."


class CriterionNotMarked(Conflict):
    """Nothing to take back."""

    title = "Your side does not say that this criterion is met."


class PhaseLeft(Conflict):
    """What a phase was left by stays on record."""

    title = "The phase this criterion ends is behind you; what was said of it stays on record."


class CountedByItself(Conflict):
    """Figures the record has are not entered by hand."""

    title = "This goal is counted from the record of leads; nobody enters it."
