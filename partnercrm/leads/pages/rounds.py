"""Exchange rounds as pages: those of a partnership, and one with what your side has chosen and what may be done."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from partnercrm.calendars import queries as calendars
from partnercrm.kernel.actor import Actor
from partnercrm.leads import sealing as seals
from partnercrm.leads.actions import rounds as actions
from partnercrm.leads.actions import sealing
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.queries import exchange, own
from partnercrm.leads.queries import rounds as queries
from partnercrm.leads.queries.rounds import PickSeen, RoundSeen
from partnercrm.leads.rounds import GOING_ON, MOST_LEADS, MOST_TIME, RoundStatus
from partnercrm.leads.schemas.rounds import PickLead, ProposeRoundOnPage, UnpickLead
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape

_NEWEST: Final = {"sort": "-proposed_at", "limit": 50}
_ALL: Final = {"sort": "picked_at", "limit": 200}
_SAID: Final = {
    "proposed by us": lazy("Next: %(name)s answers your proposal."),
    "proposed to us": lazy("Next: your side answers the proposal of %(name)s."),
    "we sealed": lazy("Your leads lie under seal. Next to seal: %(name)s."),
    "they sealed": lazy("%(name)s has sealed its leads. Next to seal: your side; then both open."),
    "open": lazy("Both sides choose their leads."),
    "revealed": lazy("Both sides gave at the same moment."),
    "over": lazy("It ended without an exchange; every lead is its giver's as before."),
}


@pages.panel("partnership", rank=1)
def round_of_partnership(actor: Actor, partnership: Partnership) -> str | None:
    """Show the round that goes on in a partnership, and the way to all of them."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended or not actor.has("leads:read"):
        return None
    round_id = queries.round_going_on(partnership.id)
    seen = queries.round_seen(actor, round_id) if round_id else None
    return render_template(
        "leads/rounds_panel.html", partnership=partnership, seen=seen, said=_said(actor, partnership, seen)
    )


@pages.show("/partnerships/<uuid:partnership_id>/rounds", scope="leads:read")
def rounds(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show the rounds of a partnership, and the form that proposes one."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    found = queries.rounds(actor, _NEWEST | {"partnership_id": partnership_id}).items
    goes_on = any(one.status in GOING_ON for one in found)
    frame.stand_under("partnerships_pages.partnerships")
    today = calendars.today(actor)
    return render_template(
        "leads/rounds.html",
        partnership=partnership,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        rounds=found,
        may_propose=actor.has("partnerships:write") and not goes_on and not partnership.is_paused,
        today=today,
        last_day=today + MOST_TIME - timedelta(days=1),
        most=MOST_LEADS,
        form=form or Form({"leads_each": "3", "ends_on": (today + timedelta(days=14)).isoformat()}),
    )


@pages.act("/partnerships/<uuid:partnership_id>/rounds", scope="partnerships:write", again=rounds)
def propose_round(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Propose a round that ends with a day of our own."""
    partnerships.joined_partnership(actor, partnership_id)
    given = form.load(ProposeRoundOnPage)
    end = datetime.combine(given.pop("ends_on") + timedelta(days=1), time(), calendars.zone_of(actor))
    proposed = actions.propose_round(actor, given | {"partnership_id": partnership_id, "ends_at": end})
    flash(_("The other side has your proposal."))
    return url_for("leads_pages.exchange_round", round_id=proposed.id)


@pages.show("/rounds/<uuid:round_id>", scope="leads:read")
def exchange_round(actor: Actor, round_id: UUID, form: Form | None = None) -> str:
    """Show one round: how far it has come, what your side has chosen, and once it is revealed what came of it."""
    seen = queries.round_seen(actor, round_id)
    partnership = partnerships.joined_partnership(actor, seen.partnership_id)
    picks = queries.picks(actor, round_id, _ALL).items
    frame.stand_under("partnerships_pages.partnerships")
    is_open = seen.round.status is RoundStatus.OPEN
    mine = seen.seal_of(actor.organization_id)
    return render_template(
        "leads/round.html",
        seen=seen,
        partnership=partnership,
        said=_said(actor, partnership, seen),
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        picks=picks,
        to_pick=_to_pick(actor, picks) if is_open and not mine and actor.has("leads:write") else [],
        lines=[(str(line.id), line.name) for line in partnership.terms.product_lines],
        revealed=_revealed(actor, partnership, seen),
        may=_may(actor, seen, picks),
        form=form or Form(),
    )


def _may(actor: Actor, seen: RoundSeen, picks: Sequence[PickSeen]) -> frozenset[str]:
    """Return what the viewer may do now, by the words of the page."""
    proposed, is_open = seen.round.status is RoundStatus.PROPOSED, seen.round.status is RoundStatus.OPEN
    ours, manages = seen.round.organization_id == actor.organization_id, actor.has("partnerships:write")
    sealed = seen.seal_of(actor.organization_id) is not None
    may = {
        "answer": proposed and manages and not ours,
        "withdraw": proposed and manages and ours,
        "pick": is_open and not sealed and actor.has("leads:write"),
        "seal": is_open and not sealed and manages and len(picks) == seen.round.leads_each,
        "unseal": is_open and sealed and manages,
        "break off": is_open and manages,
    }
    return frozenset(name for name, allowed in may.items() if allowed)


def _said(actor: Actor, partnership: Partnership, seen: RoundSeen | None) -> str:
    """Return how far a round has come, in words of progress."""
    if seen is None:
        return ""
    partner = partnership.name_of(partnership.other(actor.organization_id))
    return str(_SAID[_stage(seen, actor.organization_id)] % {"name": partner})


def _stage(seen: RoundSeen, mine: UUID) -> str:
    if seen.round.status is RoundStatus.PROPOSED:
        return "proposed by us" if seen.round.organization_id == mine else "proposed to us"
    if seen.round.status is RoundStatus.OPEN:
        sealed = {seal.organization_id for seal in seen.seals if seal.withdrawn_at is None}
        return "we sealed" if mine in sealed else "they sealed" if sealed else "open"
    return "revealed" if seen.round.status is RoundStatus.REVEALED else "over"


def _to_pick(actor: Actor, picks: Sequence[PickSeen]) -> list[tuple[str, str]]:
    """Return the viewer's leads that can still be chosen."""
    chosen = {one.lead.id for one in picks}
    found = own.leads(actor, {"sort": "-created_at", "limit": 200}).items
    return [
        (str(state.id), f"{state.lead.company_name}: {state.lead.need}")
        for state in found
        if state.id not in chosen and (state.current is None or state.current.status in MAY_BE_OFFERED_AGAIN)
    ]


def _revealed(actor: Actor, partnership: Partnership, seen: RoundSeen) -> list[dict[str, Any]]:
    """Return what each side's seal opened, and whether it is what was committed to."""
    return [
        {
            "name": partnership.name_of(seal.organization_id),
            "is_ours": seal.organization_id == actor.organization_id,
            "seal": seal,
            "holds": seals.commitment(seal.salt, seal.document) == seal.commitment,
            "offers": [exchange.offer(actor, UUID(one["offer_id"])) for one in seal.document["leads"]],
        }
        for seal in seen.seals
        if seal.salt and seal.document
    ]


def _step(path: str, scope: str, shape: type[Shape] | None, act: Callable[..., Any], name: str) -> None:
    """Declare one step of a round: the form is read by the API's shape and the same action is called."""

    def step(actor: Actor, round_id: UUID, form: Form) -> str:
        act(actor, round_id, *([form.load(shape)] if shape else []))
        return url_for("leads_pages.exchange_round", round_id=round_id)

    step.__name__ = name
    pages.act(f"/rounds/<uuid:round_id>/{path}", scope=scope, again=exchange_round)(step)


_step("agree", "partnerships:write", None, actions.agree_round, "agree_round")
_step("decline", "partnerships:write", None, actions.decline_round, "decline_round")
_step("withdraw", "partnerships:write", None, actions.withdraw_round, "withdraw_round")
_step("break-off", "partnerships:write", None, actions.break_off_round, "break_off_round")
_step("pick", "leads:write", PickLead, sealing.pick_lead, "pick_lead")
_step("unpick", "leads:write", UnpickLead, sealing.unpick_lead, "unpick_lead")
_step("seal", "partnerships:write", None, sealing.seal_round, "seal_round")
_step("unseal", "partnerships:write", None, sealing.unseal_round, "unseal_round")
