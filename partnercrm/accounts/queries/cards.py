"""Reading what stands behind a card's link, now."""

from itsdangerous import BadData

from partnercrm.accounts import cards
from partnercrm.accounts.cards import CardLink
from partnercrm.identity.queries import embedding
from partnercrm.identity.queries.embedding import CardHolder
from partnercrm.kernel import clock
from partnercrm.kernel.errors import NotFound
from partnercrm.web.signing import signer

PURPOSE = "card"


def link(written: str) -> CardLink:
    """Return what a link says, if we signed it and its time is not over. Raises NotFound."""
    try:
        found = cards.read(signer(PURPOSE).loads(written))
    except (BadData, ValueError, TypeError, OverflowError) as error:
        raise NotFound from error
    if found.expires_at <= clock.now():
        raise NotFound
    return found


def holder(found: CardLink) -> CardHolder:
    """Return for whom a link acts; in a transaction of nobody. Raises NotFound.

    It is dead once the seller or whoever asked may not any more, once the seller's partnerships are others, and once
    nobody may show it.
    """
    whose = embedding.card_holder(found.organization_id, found.seller_id, found.token_id)
    if whose is None or not whose.origins or cards.joined(whose.actor.partnership_ids) != found.partnerships:
        raise NotFound
    return whose
