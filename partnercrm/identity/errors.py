"""How identity refuses."""

from partnercrm.kernel.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, NotSignedIn


class WrongSignIn(NotSignedIn):
    """Unknown address, wrong password, disabled account: all the same."""

    title = "This address and password do not belong together."


class EmailTaken(Conflict):
    """The organization has a user with this address."""

    title = "Someone in your organization has this mail address already."


class TeamNameTaken(Conflict):
    """The organization has a team of this name."""

    title = "There is a team of this name already."


class ScopesBeyondYours(NotAllowed):
    """A token can do no more than its maker."""

    title = "A token cannot be given scopes that you do not hold."


class LastAdmin(Conflict):
    """Somebody must be able to administrate."""

    title = "This is your organization's last administrator; appoint another one first."


class LastToManage(Conflict):
    """Somebody of each side must manage a partnership."""

    title = "This person is your side's only partner manager in a partnership; name another one there first."


class InvitationOpenAlready(Conflict):
    """One open invitation per address."""

    title = "This address is invited already; send that invitation again, or withdraw it first."


class InvitationClosed(Conflict):
    """Accepted or withdrawn before."""

    title = "This invitation was accepted or withdrawn already."


class SetUpAlready(Conflict):
    """The code opens the page once."""

    title = "This installation is set up already; sign in, or ask whoever runs it for another organization."


class LinkSpent(Gone):
    """Used, replaced, withdrawn, too old, or never made: all the same."""

    title = "This link does not work any more. A newer one may be in your mail; otherwise ask for another."


class AccountDisabled(Conflict):
    """Nobody signs in with it."""

    title = "This account is disabled; enable it first."


class AccountStillHolds(Conflict):
    """Work without anybody who does it."""

    title = "This person still holds work; name a successor first."


class AccountClosed(Conflict):
    """Closed for good."""

    title = "This account is closed for good."


class MailNotSetUp(Conflict):
    """Nothing can be sent from here."""

    title = "No mail goes out of this installation; whoever runs it can set that up, or give a new first password."


class PasswordTooWeak(Invalid):
    """Too short to withstand guessing."""

    title = "A password needs at least 12 characters."


class AgreementChanged(Conflict):
    """Somebody else changed the works agreement at the same moment."""

    title = "The works agreement was changed just now. Read it again, then repeat your change."


class FiguresArePrivate(NotAllowed):
    """Figures about one person are that person's, unless the works agreement opens them to managers."""

    title = "Figures about one person are open to that person alone, as your works agreement says."


class NobodyKnown(NotFound):
    """The organization keeps nothing of a person with this address."""

    title = "Your organization keeps nothing of a person with this address."
