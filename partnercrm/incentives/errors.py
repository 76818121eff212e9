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


class NothingToSimulate(Conflict):
    """What is published was not paid by anything else."""

    title = "This plan has no draft to try. Write what it is to say next."


class PlanNotPublished(Conflict):
    """Nobody is paid by a plan that says nothing yet."""

    title = "This plan is not published yet: publish it before it is anybody's."


class NotWon(Conflict):
    """Nothing is earned of a deal before it is won, nor by who only knows of it."""

    title = "Only a won deal that your side sells, too, has revenue on record."


class ValuesInBands(Conflict):
    """What a deal came to would say more than the terms do."""

    title = "Your terms tell values in bands only: agree to tell them exactly before revenue is put on record."


class RevenueRecordedAlready(Conflict):
    """By either side."""

    title = "This is on record already; either side may have recorded it."


class RefundBeyond(Conflict):
    """No more is undone than was done."""

    title = "This is more than what is left of it, or nothing is left."


class NothingDue(Conflict):
    """What is held or was paid is not due."""

    title = "Nothing is due to anybody in this currency."


class PayOutOpenAlready(Conflict):
    """One at a time for each currency."""

    title = "A pay-out in this currency waits already; approve or withdraw it first."


class PayOutDecided(Conflict):
    """Approved or withdrawn before."""

    title = "This pay-out was approved or withdrawn already."


class OwnPayOut(Conflict):
    """Two people pay."""

    title = "Somebody else has to approve what you proposed."


class PayOutChanged(Conflict):
    """Something was clawed back since."""

    title = "Less is due to somebody by now; withdraw this pay-out and propose another."


class PeriodNotNext(Conflict):
    """Months are closed in their order, once they are over."""

    title = "Only the first month that is open can be closed, once it is over."


class EarningQuestionOpenAlready(Conflict):
    """One at a time about one posting."""

    title = "You asked about this already, and it is not answered yet."


class EarningQuestionClosed(Conflict):
    """Answered or taken back before."""

    title = "This question was answered or taken back already."
