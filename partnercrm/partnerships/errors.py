"""How partnerships refuse."""

from partnercrm.kernel.errors import Conflict


class ProposalAlreadyAnswered(Conflict):
    """Accepted, declined or withdrawn before."""

    title = "This proposal was answered or withdrawn already."


class ProposalOpenAlready(Conflict):
    """Two open proposals to one addressee."""

    title = "You have an open proposal to this address already."


class AlreadyPartners(Conflict):
    """One living partnership per pair."""

    title = "You are partners already; end that partnership first."


class PartnershipEnded(Conflict):
    """Nothing more happens here."""

    title = "This partnership has ended."


class MemberAlready(Conflict):
    """Named before."""

    title = "This person is a member of the partnership already."


class LastMember(Conflict):
    """Somebody of each side must be there."""

    title = "Your side needs at least one partner manager in the partnership; name another one first."
