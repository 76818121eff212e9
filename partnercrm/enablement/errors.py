"""How enablement refuses."""

from partnercrm.kernel.errors import Conflict


class ItemArchived(Conflict):
    """It stays as it was last."""

    title = "This item was put away."


class ProgrammeFull(Conflict):
    """More than anybody will ever learn."""

    title = "This programme holds as many items as it can: put one away, or change one."


class DoneOtherwise(Conflict):
    """A certificate is not acknowledged, a quiz not entered by hand."""

    title = "An item of this kind is not done in this way."


class ResultDiffers(Conflict):
    """Results are never changed; what follows is another result."""

    title = "Another result stands under this connector and external id; send what follows under a key of its own."


class ExceptionOver(Conflict):
    """It ended, or somebody ended it."""

    title = "This exception is over already."


class NotEnabled(Conflict):
    """The gate is shut for who misses something."""

    title = "Something you must know for this partnership is missing."


class PropositionWaits(Conflict):
    """One at a time for a language and an industry."""

    title = "For this language and industry something waits for an answer already."


class PropositionAnswered(Conflict):
    """Agreed, declined or withdrawn before."""

    title = "This value proposition was answered or withdrawn already."


class PropositionNotAgreed(Conflict):
    """What both do not say yet is nothing to know."""

    title = "Only what both sides agreed on can be acknowledged."


class PulseOpen(Conflict):
    """One round at a time."""

    title = "A round is open already; it closes by itself."


class PulseClosed(Conflict):
    """What is counted stays as it was."""

    title = "This round is closed."


class PulseGiven(Conflict):
    """Each person once."""

    title = "You took part in this round already."
