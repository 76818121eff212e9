"""How registered deals refuse."""

from partnercrm.kernel.errors import Conflict, Invalid, NotAllowed, Stale, Unavailable


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


class DealClosed(Conflict):
    """Won or lost before; both are final."""

    title = "This deal is won or lost; that is final."


class StageNotNext(Conflict):
    """It stands there already, or something comes between."""

    title = "This stage does not follow from where the deal stands."


class NotInvolved(NotAllowed):
    """Whoever only knows of a deal does not move it."""

    title = "Your side only knows of this deal; the other side moves it."


class DealChanged(Stale):
    """Whoever sent it had read an older state; the facts name what was read, what stands now and what was sent."""

    title = "The deal was changed in the meantime; what you read and what stands now are beside each other."


class NothingToUndo(Conflict):
    """The last change is the other side's, or what opened the deal."""

    title = "Your side undoes its own last change, while the deal is open and nothing was changed since."


class TooManyFiles(Conflict):
    """A deal is no archive."""

    title = "This deal has as many files as are kept; remove one first."


class FileNotYours(NotAllowed):
    """Whoever put it there takes it away, or a manager of their side."""

    title = "Only who put this file there, or a manager of their side, removes it."


class FilesNotKept(Unavailable):
    """No folder for files is set."""

    title = "This installation keeps no files. Whoever runs it can set a folder for them."


class NotANextStep(Conflict):
    """A comment is never done."""

    title = "Only a next step can be done."
