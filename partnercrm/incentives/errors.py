"""How incentives refuse."""

from partnercrm.kernel.errors import Conflict


class SplitProposalOpenAlready(Conflict):
    """One at a time."""

    title = "A proposal about this deal waits for an answer already; it is answered, changed or withdrawn first."


class SplitProposalAnswered(Conflict):
    """Accepted, declined, changed or withdrawn before."""

    title = "This proposal was answered or withdrawn already."


class SplitChangedMeanwhile(Conflict):
    """Proposed on the ground of what is no longer agreed last."""

    title = "Another split was agreed in the meantime. Read it, then repeat your proposal."


class NothingToShare(Conflict):
    """Nobody has a part in it but the side that registered it, or nobody at all."""

    title = "A deal that is lost, or that the partner only knows of, is not shared."


class SplitBeyondTerms(Conflict):
    """The terms changed since it was proposed."""

    title = "This gives more overlay than the terms allow by now; propose another split."


class NothingToPublish(Conflict):
    """Only what is being written can be published."""

    title = "This plan has no draft. Write what it says next, then publish it."


class PlanNotPublished(Conflict):
    """Nobody is paid by a plan that says nothing yet."""

    title = "This plan is not published yet: publish it before it is anybody's."
