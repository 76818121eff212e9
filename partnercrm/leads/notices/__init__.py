"""What the lead exchange tells people, and whom."""

from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import Side
from partnercrm.leads.notices import requests, rounds, routing
from partnercrm.leads.notices.acts import ACTS
from partnercrm.leads.queries import exchange
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import answering


def those_who_answer(actor: Actor, event: Event) -> Told:
    """Tell the receiving side's sellers and managers."""
    offer = exchange.offer(actor, event.subject_id)
    if offer.side is not Side.RECEIVER:
        return Told()
    people = partnerships.and_deputies(actor, answering.who_answers(actor, offer.partnership_id))
    return Told(people, _facts(actor, offer.partnership_id))


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


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "leads_pages.offer", "offer_id", **more)


KINDS: Final = (
    *requests.KINDS,
    *routing.KINDS,
    _kind(
        "lead.offered",
        _("A lead was offered to you"),
        _("%(partner)s offers you a lead."),
        audience=routing.who_is_asked_first,
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
        "lead.claimed",
        _("The credit of a lead is asked for"),
        _("%(partner)s asks for the credit of a lead that your side did not take; a case is open."),
        audience=those_who_answer,
        urgent=True,
    ),
    _kind(
        "lead.restored",
        _("A lead is credited after all"),
        _("You and %(partner)s found that a lead was pursued later; its giver is credited."),
        audience=who_gave_it_and_managers,
        tells=Tells.BOTH,
    ),
    _kind(
        "lead.left_as_is",
        _("A lead stays as it was"),
        _("You and %(partner)s found that a lead stays without credit."),
        audience=who_gave_it_and_managers,
        tells=Tells.BOTH,
    ),
    _kind(
        "lead.value_agreed",
        _("A lead's value could be told exactly"),
        _("%(partner)s says yes to telling exactly what a lead between you is worth."),
        audience=counterpart,
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
        "lead.made_way",
        _("A lead you accepted was your own"),
        _("%(partner)s accepted a lead that your side gave before; theirs of the same need ends as known twice."),
        audience=who_took_it,
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
    *rounds.KINDS,
)
