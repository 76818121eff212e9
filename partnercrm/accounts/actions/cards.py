"""Giving out a link to an account's card, for a CRM's page."""

from collections.abc import Mapping as Values
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from partnercrm.accounts import cards, queries
from partnercrm.accounts.actions.keeping import NO_OWNER
from partnercrm.accounts.cards import CardLink
from partnercrm.accounts.errors import NotYourCard, NowhereToShow
from partnercrm.accounts.queries.cards import PURPOSE
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.identity.queries import embedding
from partnercrm.identity.scopes import Role
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.web import letters
from partnercrm.web.signing import signer

_WHOSE = "Say whose card it is: a colleague's mail address."
_NO_READER = "This colleague reads no accounts."


class Card(NamedTuple):
    """Where a card is shown, and until when."""

    account_id: UUID
    address: str
    expires_at: datetime


def make_card(actor: Actor, account_id: UUID, given: Values[str, Any]) -> Card:
    """Give out a link to what a seller reads of an account: one's own, or as an integration a named colleague's.

    Nothing is kept: what the link shows is asked anew each time. Raises NotFound, NotYourCard, NowhereToShow, Invalid.
    """
    return _made(actor, queries.account(actor, account_id).id, given)


def make_card_by_key(actor: Actor, connector: str, external_id: str, given: Values[str, Any]) -> Card:
    """Do the same for the account that another system knows by this key."""
    return _made(actor, queries.account_under(actor, connector, external_id).id, given)


def _made(actor: Actor, account_id: UUID, given: Values[str, Any]) -> Card:
    seller = _seller(actor, given.get("email"))
    recognised = identity.colleague(actor, seller.id)
    if not recognised.has("accounts:read"):
        raise Invalid.field("email", _NO_READER)
    if not embedding.embedding(actor).origins:
        raise NowhereToShow
    link = CardLink(
        organization_id=actor.organization_id,
        seller_id=seller.id,
        account_id=account_id,
        token_id=actor.principal,
        partnerships=cards.joined(recognised.partnership_ids),
        expires_at=(clock.now() + cards.LIVES).replace(microsecond=0),
    )
    address = letters.address("cards.card", link=signer(PURPOSE).dumps(link.written()))
    return Card(account_id, address, link.expires_at)


def _seller(actor: Actor, email: str | None) -> User:
    """Return whose card is asked for. Raises NotYourCard, Invalid."""
    own, is_program = identity.oneself(actor), Role.INTEGRATION in actor.roles
    if email is None and is_program:
        raise Invalid.field("email", _WHOSE)
    if email is None or email.lower() == own.email:
        return own
    if not is_program:
        raise NotYourCard
    found = identity.user_with(actor, email.lower())
    if found is None or found.disabled_at is not None:
        raise Invalid.field("email", NO_OWNER)
    return found
