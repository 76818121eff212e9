"""How the lead exchange refuses."""

from partnercrm.kernel.errors import Conflict, Invalid


class OfferAlreadyAnswered(Conflict):
    """Accepted, declined, withdrawn or expired before."""

    title = "This offer was answered already."


class OfferExpired(Conflict):
    """Answered too late."""

    title = "This offer has expired. Its giver may offer the lead again."


class StepNotPossible(Conflict):
    """Another step comes first, or it is the other side's to take."""

    title = "This step does not follow from where the lead stands."


class AlreadySnoozed(Conflict):
    """More time is given once."""

    title = "More time was asked for this lead once already."


class NotClaimable(Conflict):
    """Of what its receiver left alone, or of a lead claimed before, nothing is to be settled."""

    title = "Only a lead that was declined, returned or not answered can be claimed, once, within a year of its offer."


class NotContestable(Conflict):
    """Only a lead that was disqualified, once, and not after ten working days."""

    title = "Only a disqualified lead can be contested, once, within ten working days."


class HappenedOutOfOrder(Invalid):
    """A step before the one it follows, or in the future."""

    title = "A step happens after the one before it, and not in the future."


class NothingToTakeBack(Conflict):
    """The other side reads neither details nor company, or not any more, or they are not the actor's."""

    title = "Nothing of yours is open to the other side here; an offer without an answer can be withdrawn."


class ValueNotToTell(Conflict):
    """What came to nothing, or was taken back, has no value that could be told."""

    title = "Only of a lead that is offered, under way, won or lost the value is told."


class ValueAgreedAlready(Conflict):
    """One yes per side."""

    title = "Your side says yes to telling this lead's value already."


class ValueNotAgreed(Conflict):
    """There is nothing to take back."""

    title = "Your side does not say yes to telling this lead's value."


class CompanyNotShown(Conflict):
    """Answered, shown before, or not the actor's."""

    title = "Only who offers a lead shows its company's name, once, before it is answered."


class LeadAlreadyOffered(Conflict):
    """One open offer per lead."""

    title = "This lead is with a partner already."


class LeadWasOffered(Conflict):
    """What was offered stays on record."""

    title = "This lead was offered once and stays on record; it cannot be discarded."


class SameLeadWithPartner(Conflict):
    """The actor sees that this company's need is with the partner."""

    title = "This company's need is under way with this partner already."


class TrustAdvanceGiven(Conflict):
    """Who manages the partnership may give more all the same, knowingly; others ask them."""

    title = (
        "Your side has given the agreed trust advance; next to give is the partner. A partner manager may offer more "
        "all the same; others ask theirs."
    )


class StillYourTurn(Conflict):
    """Nothing is to be asked while a lead can simply be offered."""

    title = "Your side may give: offer the lead, nobody has to be asked."


class AskedAlready(Conflict):
    """One request per lead."""

    title = "Your partner manager was asked about this lead already."


class RequestDeclined(Conflict):
    """Declined before; the lead can be asked for anew."""

    title = "Your partner manager said no to this request. It can be asked for anew."


class ContactStays(Invalid):
    """The giver is told which fields are missing, and may let the role travel alone."""

    title = "The contact's name and address would stay with you. Add what is missing, or let only the role travel."


class LeadExistsAlready(Conflict):
    """The key of another system names one lead only."""

    title = "There is a lead under this connector and external id already; update that one."


class OwnerNotYours(Invalid):
    """Leads belong to one's own people."""

    title = "Leads can only belong to people of your organization."


class RowsRefused(Invalid):
    """Nothing of a file or batch is applied when a row is wrong."""

    title = "Nothing was imported: some rows are not right."


class QuestionsClosed(Conflict):
    """The receiver asks and the giver answers, while the lead is offered or in progress."""

    title = "Only the receiver asks and only the giver answers, while the lead is offered or in progress."


class QuestionAnswered(Conflict):
    """An answer stands."""

    title = "This question was answered already."


class RoundGoesOn(Conflict):
    """One at a time."""

    title = "A round is proposed or open in this partnership already; it ends first."


class RoundAnswered(Conflict):
    """Agreed, declined, withdrawn or over."""

    title = "This round was answered, withdrawn or has ended."


class RoundNotOpen(Conflict):
    """Not agreed yet, or over."""

    title = "This round is not open: it was not agreed to, or it has ended."


class RoundSealed(Conflict):
    """What lies under seal stays as it is."""

    title = "Your side has sealed its leads for this round; break your seal to change them."


class RoundNotSealed(Conflict):
    """There is no seal to break."""

    title = "Your side has not sealed its leads for this round."


class RoundNotFilled(Conflict):
    """So many as agreed, no more and no fewer."""

    title = "Your side seals exactly as many leads as were agreed."


class LeadUnderSeal(Conflict):
    """Promised to a round until that ends or the seal is broken."""

    title = "This lead lies under seal in a round; break your side's seal, or wait until the round has ended."


class PicksRefused(Invalid):
    """Nothing is sealed when one lead cannot travel."""

    title = "Nothing was sealed: some of these leads cannot be offered as they are."
