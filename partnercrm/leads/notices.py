"""What the lead exchange tells people, and what the mails about an offer let them do."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads import lifecycle
from partnercrm.leads.actions import asking, exchanging
from partnercrm.leads.lifecycle import DeclineReason, OfferStatus, Side
from partnercrm.leads.queries import exchange
from partnercrm.leads.schemas import AskQuestion, DeclineOffer
from partnercrm.leads.words import WORDS
from partnercrm.notices.kinds import Act, Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import MemberRole
from partnercrm.web import frame

_ANSWERING: Final = frozenset({MemberRole.SELLER, MemberRole.PARTNER_MANAGER})


def those_who_answer(actor: Actor, event: Event) -> Told:
    """Tell the receiving side's sellers and managers."""
    offer = exchange.offer(actor, event.subject_id)
    if offer.side is not Side.RECEIVER:
        return Told()
    members = partnerships.own_members(actor, offer.partnership_id)
    people = {member.user_id for member in members if member.role in _ANSWERING}
    return Told(partnerships.and_deputies(actor, people), _facts(actor, offer.partnership_id))


def who_gave_it(actor: Actor, event: Event) -> Told:
    """Tell the person who offered the lead, and who stands in for them."""
    offer = exchange.offer(actor, event.subject_id)
    if offer.side is not Side.GIVER:
        return Told()
    people = {offer.giver_member.user_id} if offer.giver_member else set()
    return Told(partnerships.and_deputies(actor, people), _facts(actor, offer.partnership_id))


def who_took_it(actor: Actor, event: Event) -> Told:
    """Tell the person who accepted the lead, and who stands in for them."""
    offer = exchange.offer(actor, event.subject_id)
    if offer.side is not Side.RECEIVER or offer.receiver_member is None:
        return Told()
    people = partnerships.and_deputies(actor, {offer.receiver_member.user_id})
    return Told(people, _facts(actor, offer.partnership_id))


def counterpart(actor: Actor, event: Event) -> Told:
    """Tell whoever works on the lead on this side: the person who offered it, or who accepted it."""
    gave = who_gave_it(actor, event)
    return gave if gave.people else who_took_it(actor, event)


def who_gave_it_and_managers(actor: Actor, event: Event) -> Told:
    """Tell the person who offered the lead, and the receiving side's managers."""
    told = who_gave_it(actor, event)
    if told.people:
        return told
    offer = exchange.offer(actor, event.subject_id)
    managers = partnerships.own_managers(actor, offer.partnership_id)
    people = partnerships.and_deputies(actor, {manager.user_id for manager in managers})
    return Told(people, _facts(actor, offer.partnership_id))


def _facts(actor: Actor, partnership_id: UUID) -> dict[str, str]:
    return {"partner": partnerships.partner_name(actor, partnership_id)}


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


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "leads_pages.offer", "offer_id", **more)


KINDS: Final = (
    _kind(
        "lead.offered",
        _("A lead was offered to you"),
        _("%(partner)s offers you a lead."),
        audience=those_who_answer,
        urgent=True,
        acts=ACTS,
    ),
    _kind(
        "lead.answer_due",
        _("A lead waits for your answer"),
        _("The answer to a lead from %(partner)s is due."),
        urgent=True,
        acts=ACTS,
    ),
    _kind(
        "lead.asked",
        _("A question about your lead"),
        _("%(partner)s asks something about a lead you offered."),
        audience=who_gave_it,
        urgent=True,
    ),
    _kind(
        "lead.explained",
        _("Your question was answered"),
        _("%(partner)s answered a question about a lead."),
        audience=those_who_answer,
        urgent=True,
    ),
    _kind(
        "lead.answer_late",
        _("An answer is late"),
        _("The agreed time to answer a lead from %(partner)s has passed."),
        urgent=True,
    ),
    _kind(
        "lead.status_due",
        _("A lead's status is due"),
        _("%(partner)s is to hear how a lead stands that you accepted."),
        urgent=True,
    ),
    _kind(
        "lead.status_late",
        _("A lead's status is late"),
        _("%(partner)s has not heard how a lead stands that your side accepted; it goes back soon."),
        urgent=True,
    ),
    _kind(
        "lead.snoozed",
        _("More time was asked for a lead"),
        _("%(partner)s asks for more time to say how a lead you gave stands."),
        audience=who_gave_it,
    ),
    _kind(
        "lead.contested",
        _("A disqualification is contested"),
        _("%(partner)s contests that a lead was disqualified; a case is open."),
        audience=who_took_it,
        urgent=True,
    ),
    _kind(
        "lead.corrected",
        _("A disqualification was corrected"),
        _("You and %(partner)s found that a lead was a real one."),
        audience=who_gave_it_and_managers,
        tells=Tells.BOTH,
    ),
    _kind(
        "lead.upheld",
        _("A disqualification stands"),
        _("You and %(partner)s found that a disqualification stands."),
        audience=who_gave_it_and_managers,
        tells=Tells.BOTH,
    ),
    _kind(
        "lead.handed_over",
        _("A lead has another counterpart"),
        _("%(partner)s named somebody else for a lead between you."),
        audience=counterpart,
    ),
    _kind(
        "lead.withdrawn",
        _("An offer was withdrawn"),
        _("%(partner)s took an offered lead back."),
        audience=those_who_answer,
    ),
    _kind(
        "lead.accepted",
        _("Your lead was accepted"),
        _("%(partner)s accepted a lead you offered."),
        audience=who_gave_it,
        urgent=True,
    ),
    _kind(
        "lead.declined",
        _("Your lead was declined"),
        _("%(partner)s declined a lead you offered and says why."),
        audience=who_gave_it,
        urgent=True,
    ),
    _kind(
        "lead.expired",
        _("An offer ended unanswered"),
        _("An offer between you and %(partner)s ended without an answer."),
        audience=who_gave_it_and_managers,
        tells=Tells.BOTH,
    ),
    _kind(
        "lead.returned",
        _("A lead came back to you"),
        _("%(partner)s returned a lead you gave and says why."),
        audience=who_gave_it,
        urgent=True,
    ),
    _kind(
        "lead.qualified",
        _("Your lead was qualified"),
        _("%(partner)s found a lead you gave to be a real one."),
        audience=who_gave_it,
    ),
    _kind(
        "lead.disqualified",
        _("Your lead was disqualified"),
        _("%(partner)s disqualified a lead you gave and says why."),
        audience=who_gave_it,
        urgent=True,
    ),
    _kind(
        "lead.converted",
        _("Your lead became an opportunity"),
        _("%(partner)s opened an opportunity from a lead you gave."),
        audience=who_gave_it,
    ),
    _kind(
        "lead.won",
        _("Your lead was won"),
        _("%(partner)s won a deal from a lead you gave."),
        audience=who_gave_it,
        urgent=True,
    ),
    _kind(
        "lead.lost",
        _("Your lead was lost"),
        _("%(partner)s lost a deal from a lead you gave and says why."),
        audience=who_gave_it,
    ),
)
