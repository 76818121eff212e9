"""How identity refuses."""

from partnercrm.kernel.errors import Conflict, Invalid, NotAllowed, NotSignedIn


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


class PasswordTooWeak(Invalid):
    """Too short to withstand guessing."""

    title = "A password needs at least 12 characters."
