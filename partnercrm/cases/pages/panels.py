"""What cases show where a person starts, on a partnership's page and on the page of what a case is about."""

from typing import Protocol
from uuid import UUID

from flask import render_template

from partnercrm.cases import queries, schemas
from partnercrm.cases.models import ModerationStatus
from partnercrm.cases.pages.blueprint import pages
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import Partnership


class Shared(Protocol):
    """Something shared that a case can be about."""

    id: UUID
    partnership_id: UUID


@pages.panel("home", rank=1)
def asked_to_moderate(actor: Actor) -> str | None:
    """Show who is asked to moderate a case that they are."""
    if not actor.has("cases:read"):
        return None
    asked = queries.moderations(actor, schemas.ModerationQuery().load({})).items
    waiting = [one for one in asked if one.status is ModerationStatus.OPEN]
    submitted = queries.submitted(actor)
    if not waiting and not submitted:
        return None
    return render_template("cases/home_moderations.html", waiting=waiting, submitted=submitted)


@pages.panel("partnership", rank=5)
def cases_of_partnership(actor: Actor, partnership: Partnership) -> str | None:
    """Show what is being settled in a partnership, and the way to open a case."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended or not actor.has("cases:read"):
        return None
    return render_template(
        "cases/partnership_panel.html",
        cases=queries.live_cases(actor, partnership.id),
        partnership=partnership,
        today=clock.now().date(),
        may_open=actor.has("cases:write"),
    )


@pages.panel("offer", rank=5)
def cases_about_offer(actor: Actor, offer: Shared) -> str | None:
    """Show the cases about an offer, and the way to open one."""
    if not actor.has("cases:read"):
        return None
    return render_template(
        "cases/offer_panel.html",
        cases=queries.cases_about(actor, "offers", offer.id),
        offer=offer,
        today=clock.now().date(),
        may_open=actor.has("cases:write"),
    )
