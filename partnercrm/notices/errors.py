"""How notices refuse."""

from partnercrm.kernel.errors import Conflict, Gone, NotAllowed


class NothingToDo(Gone):
    """The link was never ours, its time has passed, its person may not do this any more, or it is done otherwise."""

    title = "There is nothing to do here any more. Sign in to see how it stands."


class LinkUsed(Conflict):
    """A link works once."""

    title = "This was done already; the link works once."


class NotYourLink(NotAllowed):
    """Somebody else is signed in."""

    title = "This link was sent to somebody else. Sign out first if it is yours after all."
