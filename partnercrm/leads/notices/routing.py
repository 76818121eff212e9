"""Who hears first of a lead that was offered: whom the rules ask, else the managers, else all who answer."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import routing
from partnercrm.leads.lifecycle import OfferStatus, Side
from partnercrm.leads.notices.acts import ACTS
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries import routing as known
from partnercrm.notices.kinds import Kind, Told
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import answering

KINDS: Final = (
    Kind(
        "lead.assigned",
        _("A lead was handed to you"),
        _("You are asked first about a lead from %(partner)s."),
        "leads_pages.offer",
        "offer_id",
        urgent=True,
        acts=ACTS,
    ),
    Kind(
        "lead.unrouted",
        _("A lead waits for somebody to be found"),
        _("No rule found somebody free for a lead from %(partner)s: answer it, or hand it on."),
        "leads_pages.offer",
        "offer_id",
        urgent=True,
        acts=ACTS,
    ),
    Kind(
        "lead.passed_on",
        _("A lead passed to you"),
        _("A colleague works no more on a lead between you and %(partner)s; it is yours now."),
        "leads_pages.offer",
        "offer_id",
        urgent=True,
    ),
)


def who_is_asked_first(actor: Actor, event: Event) -> Told:
    """Tell whom the rules find, in the transaction in which they find them; else the managers, who hand it on.

    Where there are no rules everybody is told who may answer, as also once it was answered.
    """
    offer = exchange.offer(actor, event.subject_id)
    if offer.side is not Side.RECEIVER:
        return Told()
    facts = {"partner": partnerships.partner_name(actor, offer.partnership_id)}
    if offer.status is OfferStatus.OFFERED and known.rules_of(known.plan(actor)):
        assignee = routing.route_offer(actor, offer.id)
        if assignee is not None:
            return Told(partnerships.and_deputies(actor, {assignee}), facts)
        routing.tell_managers(actor, offer, event.id)
        return Told()
    return Told(partnerships.and_deputies(actor, answering.who_answers(actor, offer.partnership_id)), facts)
