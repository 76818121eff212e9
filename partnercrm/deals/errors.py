"""How registered deals refuse."""

from partnercrm.kernel.errors import Conflict, Invalid


class RegistrationDecided(Conflict):
    """Rejected, withdrawn or expired before."""

    title = "This registration is decided or over."


class RegistrationMoved(Conflict):
    """Another step comes first, or it is the other side's to take."""

    title = "This step does not follow from where the registration stands."


class ReviewOver(Conflict):
    """The clock takes the next step."""

    title = "The time for this has passed; what was agreed for that happens."


class AlreadyRegistered(Conflict):
    """One open registration per company and product line, whoever of a side made it."""

    title = "Your side has an open registration for this company and product line already."


class DealIncomplete(Invalid):
    """Everything that is missing or wrong, at once."""

    title = "This deal cannot be registered as it stands."


class NotAsked(Invalid):
    """Only what the reviewer named is changed meanwhile."""

    title = "Only what the other side asked for can be changed now."


class NotAppealable(Conflict):
    """Of what a reviewer decided nothing is appealed this way, nor twice, nor late."""

    title = "Only a claim that earlier evidence outweighed can be appealed, once, within ten working days."
