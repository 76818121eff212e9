"""A seller's own leads, given and received, and what came of them; nobody else's, and for nobody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import render_template
from flask_babel import format_timedelta
from flask_babel import gettext as _

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus, Side, waits_for
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import partners
from partnercrm.leads.queries import mine
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.web import frame
from partnercrm.web.page import Form

_WON: Final = frozenset({OfferStatus.WON})
_WAITING: Final = frozenset({OfferStatus.OFFERED})
_UNDER_WAY: Final = IN_PROGRESS - _WAITING
_COLUMNS: Final = (_WAITING, _UNDER_WAY, _WON, frozenset(OfferStatus) - IN_PROGRESS - _WON)


@pages.show("/leads/mine", scope="leads:read")
def my_leads(actor: Actor) -> str:
    """Show what became of the leads that the viewer gave and took on, whom each waits for, and since when."""
    filters = Form.asked()
    found = mine.offers(actor, filters.load(schemas.OfferQuery))
    first_url, next_url = filters.pages("leads_pages.my_leads", found.next)
    names = partners(actor)
    return render_template(
        "leads/my_leads.html",
        rows=[(offer, _step(offer, names[offer.partnership_id]), _age(offer)) for offer in found.items],
        sums=_sums(mine.counts(actor)),
        filters=filters,
        statuses=frame.choices(OfferStatus),
        directions=[("given", _("Given")), ("received", _("Received"))],
        partners=names,
        first_url=first_url,
        next_url=next_url,
        panels=frame.panels("my_leads", actor),
    )


def _sums(counts: Mapping[tuple[str, OfferStatus], int]) -> list[tuple[str, list[int]]]:
    """Return how many were given and received: waiting for an answer, under way, won, ended otherwise, in all."""
    rows = []
    for direction, words in (("given", _("Given by you")), ("received", _("Taken on by you"))):
        sums = [sum(counts.get((direction, status), 0) for status in column) for column in _COLUMNS]
        rows.append((str(words), [*sums, sum(sums)]))
    return rows


def _age(offer: OfferSeen) -> str:
    return str(format_timedelta(clock.now() - offer.offered_at, granularity="day"))


def _step(offer: OfferSeen, partner: str) -> dict[str, Any]:
    """Return the next step of a lead in words, whom it waits for (nobody: None), by when, and whether that passed."""
    waits, by = waits_for(offer.status), _by(offer)
    return {
        "words": _words(offer.status, ours=waits is offer.side),
        "waits": None if waits is None else _("you") if waits is offer.side else partner,
        "by": by,
        "late": by is not None and clock.now() > by,
    }


def _by(offer: OfferSeen) -> datetime | None:
    by: datetime | None = {OfferStatus.OFFERED: offer.respond_by, OfferStatus.ACCEPTED: offer.follow_up_by}.get(
        offer.status
    )
    return by


def _words(status: OfferStatus, *, ours: bool) -> Any:
    if waits_for(status) is Side.GIVER:
        return _("Offer it elsewhere, or keep it") if ours else _("With its giver again")
    return {
        OfferStatus.OFFERED: _("Answer"),
        OfferStatus.ACCEPTED: _("Qualify, or say why not"),
        OfferStatus.QUALIFIED: _("Open an opportunity"),
        OfferStatus.CONVERTED: _("Win or lose the deal"),
    }.get(status, _("Nothing more"))
