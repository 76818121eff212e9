"""How accounts refuse."""

from partnercrm.kernel.errors import Conflict, Invalid, NotAllowed


class AccountExistsAlready(Conflict):
    """Another of the organization's accounts has the key."""

    title = "An account with this connector and external id is here already."


class AccountsRefused(Invalid):
    """Nothing is kept when one of many is wrong."""

    title = "Nothing was kept: some of these accounts are not right."


class MergedAlready(Conflict):
    """Somebody was first, or both were merged in the other direction."""

    title = "One of these two accounts was merged already."


class MergedIntoItself(Conflict):
    """The same account twice."""

    title = "An account cannot be merged into itself."


class MergeFollowed(Conflict):
    """Undone before, or the survivor was merged on."""

    title = "This merge was undone already, or another one followed: undo that first."


class PopulationExistsAlready(Conflict):
    """Another one in use bears the name."""

    title = "A population with this name is here already."


class PopulationArchived(Conflict):
    """It stays as it was last."""

    title = "This population was put away."


class MappingAnswered(Conflict):
    """Agreed, declined or withdrawn before."""

    title = "This mapping was answered or withdrawn already."


class MappingNotAgreed(Conflict):
    """Stopping what does not run."""

    title = "Only a mapping that both sides agreed on can be stopped."


class FreezeLifted(Conflict):
    """One hand a side."""

    title = "Your side has lifted this freeze already."


class JointAccountMoved(Conflict):
    """Agreed, declined or closed before, or not open."""

    title = "This joint account stands elsewhere by now: look at it again."


class TooManyYeses(Conflict):
    """Who said yes to everything would read every yes of the other side."""

    title = "You have said yes to 20 accounts: wait until one is answered or ends. One taken back counts until then."


class CandidateAnswered(Conflict):
    """One answer a side."""

    title = "Your side has answered this already."


class PlanIsFull(Conflict):
    """A plan, no archive."""

    title = "This plan has 200 lines: remove some before you add another."


class NotItsOwner(NotAllowed):
    """What was lost is told to whoever lost it, and by nobody else."""

    title = "Only who owns an account says that it was lost."


class NobodysAccount(Conflict):
    """A CRM tells what was lost; somebody must be there to read who else was there."""

    title = "Nobody owns this account: say first whose it is."


class LossOfAnotherAccount(Conflict):
    """One key, one loss, one account."""

    title = "Under this key another account was lost."


class NotYourCard(NotAllowed):
    """What somebody reads is theirs to show, or their CRM's."""

    title = "Only an integration asks for the cards of others."


class NowhereToShow(Conflict):
    """Without an address a card could be framed by nobody, or by everybody."""

    title = "Your organization has not said yet where cards may be shown: an administrator does that."


class LostAlready(Conflict):
    """The same day twice."""

    title = "You have said already that this account was lost on this day."


class LossIsCounted(Conflict):
    """A total that is told must not move by one."""

    title = "The year in which you said this is over, and counted: it stays as it is."
