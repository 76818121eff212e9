"""What a giver's own people are told about requests to offer beyond the trust advance, and what mails let them do."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import requesting
from partnercrm.leads.queries import requests
from partnercrm.leads.schemas import DeclineRequest
from partnercrm.notices.kinds import Act, Kind
from partnercrm.partnerships import queries as partnerships

_LINK: Final = timedelta(days=14)


def _teaser(actor: Actor, request_id: UUID) -> list[tuple[str, str]]:
    """Return with whom how far the advance has gone; the lead itself is read where one signs in. Raises NotFound."""
    asked = requests.waiting_request(actor, request_id)
    standing = requests.turn_of(actor, asked.partnership_id)
    lines = [
        (gettext("Partner"), partnerships.partner_name(actor, asked.partnership_id)),
        (gettext("Agreed trust advance"), str(standing.trust_advance or 0)),
    ]
    if standing.next_to_give:
        due = gettext("%(name)s (%(count)s)", name=standing.next_to_give["name"], count=standing.next_to_give["leads"])
        lines.append((gettext("Next to give"), due))
    return lines


def _until(actor: Actor, request_id: UUID) -> datetime:
    return requests.waiting_request(actor, request_id).asked_at + _LINK


def _offer(actor: Actor, request_id: UUID, given: dict[str, Any]) -> object:
    return requesting.offer_requested(actor, request_id)


_ACTS: Final = (
    Act(
        name="request.offer",
        label=_("Offer the lead"),
        question=_("Offer this lead beyond the agreed trust advance?"),
        done=_("The lead is offered."),
        scope="partnerships:write",
        teaser=_teaser,
        until=_until,
        do=_offer,
    ),
    Act(
        name="request.decline",
        label=_("Decline with a reason"),
        question=_("Let this lead wait? Who asked reads the reason."),
        done=_("The request is declined."),
        scope="partnerships:write",
        teaser=_teaser,
        until=_until,
        do=requesting.decline_request,
        shape=DeclineRequest,
        asks="leads/link_let_wait.html",
    ),
)
KINDS: Final = (
    Kind(
        "offer_request.asked",
        _("A colleague asks to offer a lead"),
        _("A lead for %(partner)s goes beyond the agreed trust advance; you decide whether it is offered."),
        "leads_pages.offer_request",
        "request_id",
        urgent=True,
        acts=_ACTS,
    ),
    Kind(
        "offer_request.approved",
        _("Your lead is offered"),
        _("Your partner manager offered %(partner)s the lead you asked for."),
        "leads_pages.offer",
        "offer_id",
        urgent=True,
    ),
    Kind(
        "offer_request.declined",
        _("A lead is to wait"),
        _("Your partner manager lets a lead for %(partner)s wait and says why."),
        "leads_pages.offer_request",
        "request_id",
        urgent=True,
    ),
)
