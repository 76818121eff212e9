"""What the mails about an offer let their readers do."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads import lifecycle
from partnercrm.leads.actions import asking, exchanging
from partnercrm.leads.lifecycle import DeclineReason, OfferStatus
from partnercrm.leads.queries import exchange
from partnercrm.leads.schemas import AskQuestion, DeclineOffer
from partnercrm.leads.words import WORDS
from partnercrm.notices.kinds import Act
from partnercrm.web import frame


def _teaser(actor: Actor, offer_id: UUID) -> list[tuple[str, str]]:
    """Return what an offer shows before it is accepted. Raises NotFound, OfferAlreadyAnswered, OfferExpired."""
    offer = exchange.offer(actor, offer_id)
    lifecycle.require_step(offer.status, OfferStatus.ACCEPTED, offer.side)
    lifecycle.require_time(offer.status, offer.expires_at, clock.now())
    size = str(WORDS[type(offer.size_band)][offer.size_band]) if offer.size_band else None
    lines = [
        (gettext("Need"), offer.need),
        (gettext("Industry"), offer.industry),
        (gettext("Country"), dict(frame.countries()).get(offer.country or "")),
        (gettext("Size"), size),
        (gettext("Contact's role"), offer.contact_role),
    ]
    return [(label, value) for label, value in lines if value]


def _until(actor: Actor, offer_id: UUID) -> datetime:
    """Return when an open offer ends. Raises NotFound, OfferAlreadyAnswered."""
    _teaser(actor, offer_id)
    until: datetime = exchange.offer(actor, offer_id).expires_at
    return until


def _accept(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> object:
    return exchanging.accept_offer(actor, offer_id)


ACTS: Final = (
    Act(
        name="lead.accept",
        label=_("Accept the lead"),
        question=_("Accept this lead? Its company and contact open to your side."),
        done=_("The lead is accepted. Sign in to see its company and contact."),
        scope="leads:write",
        teaser=_teaser,
        until=_until,
        do=_accept,
    ),
    Act(
        name="lead.decline",
        label=_("Decline with a reason"),
        question=_("Decline this lead? Both sides read the reason."),
        done=_("The lead is declined."),
        scope="leads:write",
        teaser=_teaser,
        until=_until,
        do=exchanging.decline_offer,
        shape=DeclineOffer,
        asks="leads/link_decline.html",
        about=lambda: {"choices": frame.choices(DeclineReason)},
    ),
    Act(
        name="lead.ask",
        label=_("Ask a question"),
        question=_("What would you like to know before you answer?"),
        done=_("Your question is asked; you are told when it is answered."),
        scope="leads:write",
        teaser=_teaser,
        until=_until,
        do=asking.ask_question,
        shape=AskQuestion,
        asks="leads/link_ask.html",
    ),
)
