"""What incentives show on other pages: how a deal is shared, beneath it one's own division; what waits, at home."""

from flask import render_template
from flask_babel import gettext as _

from partnercrm.deals.queries.selling import DealSeen
from partnercrm.identity import queries as identity
from partnercrm.incentives.pages import telling
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries import agreements, divisions, fees
from partnercrm.incentives.queries.divisions import DivisionSeen
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership


@pages.panel("deal")
def deal_sharing(actor: Actor, seen: DealSeen) -> str:
    """Show how a deal is shared, what waits for an answer, and how our side divides its share."""
    found = agreements.sharing_of(actor, seen.id)
    partnership = partnerships.joined_partnership(actor, seen.partnership_id)
    later = found.latest if found.latest and found.latest.effective_at > clock.now() else None
    return render_template(
        "incentives/deal_sharing_panel.html",
        one=seen,
        found=found,
        later=later,
        partnership=partnership,
        rows=telling.rows(partnership, found.in_force.sharing if found.in_force else None),
        division=divided(actor, divisions.division(actor, seen.id)),
        lost=seen.reason is not None,
    )


def divided(actor: Actor, division: DivisionSeen) -> list[tuple[str, str, str]]:
    """Return who of our side has how much, by name: exact parts, and their percentage."""
    names = {one.id: one.name for one in identity.colleagues(actor)}
    left = str(_("Somebody who left"))
    found = [
        (names.get(one.user_id, left), f"{one.parts}/{division.whole}", telling.part(one.parts, division.whole))
        for one in division.participants
    ]
    return sorted(found)


@pages.panel("home", rank=1)
def waiting_splits(actor: Actor) -> str | None:
    """Show who may answer them the splits that wait."""
    if not actor.has("incentives:agree") or not actor.partnership_ids:
        return None
    waiting = agreements.proposals(actor, {"waiting": True, "limit": 5, "sort": "-proposed_at"}).items
    if not waiting:
        return None
    names = agreements.company_names(actor, [one.deal_id for one in waiting])
    return render_template("incentives/home_splits.html", waiting=waiting, names=names)


@pages.panel("partnership", rank=4)
def partnership_fees(actor: Actor, partnership: Partnership) -> str | None:
    """Show what two organizations owe each other, that both books agree, and to who pays what it all costs."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended or not actor.has("deals:read"):
        return None
    found = fees.fees(actor, partnership.id)
    if not (found.fees or found.costs):
        return None
    shares = [telling.share(one.share) if one.share is not None else None for one in found.costs]
    return render_template("incentives/fees_panel.html", found=found, costs=list(zip(found.costs, shares, strict=True)))
