"""How cases refuse."""

from partnercrm.kernel.errors import Conflict


class CaseSettled(Conflict):
    """Decided, closed or withdrawn before, or not yet decided."""

    title = "This does not follow from where the case stands."


class StepNotYours(Conflict):
    """A step of another party."""

    title = "This step is for the side that opened the case."


class CaseInOtherHands(Conflict):
    """The side has an owner for the case, and it is not the actor."""

    title = "Somebody else of your side owns this case; it can be handed over."


class OutcomeChanged(Conflict):
    """Another outcome was proposed meanwhile, or one's own."""

    title = "This is not the outcome the other side proposes now. Read it again before you agree."


class ModeratorNamedAlready(Conflict):
    """One moderator per case."""

    title = "A moderator is named for this case already."


class ModeratorNotThird(Conflict):
    """One of the two sides' own people."""

    title = "This is one of your own people; a moderator belongs to a third organization."


class NoSuchNaming(Conflict):
    """Nothing to confirm, or not for the side that named."""

    title = "There is no moderator to confirm: none is named, or your own side named them."


class ModeratorNotReady(Conflict):
    """Nobody has accepted to moderate, or the case is with the moderator already."""

    title = "The case cannot go to a moderator now: one who accepted is needed, and it is submitted once."


class InvitationAnswered(Conflict):
    """Answered or taken back before."""

    title = "This invitation was answered already."
