"""Offers given and received, and one offer with what may be done."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from flask import render_template, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads import lifecycle, schemas
from partnercrm.leads.actions import claiming, contesting, disclosing, exchanging, following
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import LeadStep
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.progress import stations
from partnercrm.leads.queries import contests, exchange, questions, rounds, standing, values
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.words import REASONS
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape

_MADE_WAY = "lead.made_way"
_STEPS_OF_GIVER = frozenset({OfferStatus.OFFERED, OfferStatus.WITHDRAWN, OfferStatus.EXPIRED})
_BESIDE_THE_STEPS = frozenset(
    {
        *("lead.handed_over", "lead.snoozed", "lead.company_shown", "lead.details_taken_back"),
        *("lead.value_agreed", "lead.value_taken_back", _MADE_WAY),
    }
)
_NEWEST_QUESTIONS = {"sort": "-asked_at", "limit": 200}


@pages.show("/offers/received", scope="leads:read")
def offers_received(actor: Actor) -> str:
    """Show what partners offered to us."""
    return _offers(actor, "received")


@pages.show("/offers/given", scope="leads:read")
def offers_given(actor: Actor) -> str:
    """Show what we offered to partners."""
    return _offers(actor, "given")


def _offers(actor: Actor, direction: str) -> str:
    filters = Form.asked()
    found = exchange.offers(actor, filters.load(schemas.OfferQuery) | {"direction": direction})
    first_url, next_url = filters.pages(f"leads_pages.offers_{direction}", found.next)
    return render_template(
        "leads/offers.html",
        received=direction == "received",
        offers=found.items,
        filters=filters,
        statuses=frame.choices(OfferStatus),
        partners=partners(actor),
        first_url=first_url,
        next_url=next_url,
        files=frame.panels("offers", actor),
        asked=[] if direction == "received" else frame.panels("offers_given", actor),
    )


def partners(actor: Actor) -> dict[UUID, str]:
    """Return the names of the partners whose partnership the actor is a member of, by partnership."""
    joined = partnerships.joined_partnerships(actor)
    return {one.id: one.name_of(one.other(actor.organization_id)) for one in joined}


@pages.show("/offers/<uuid:offer_id>", scope="leads:read")
def offer(actor: Actor, offer_id: UUID, form: Form | None = None, **_places: UUID) -> str:
    """Show one offer: what is known of it, how it stands, what may be done."""
    seen = exchange.offer(actor, offer_id)
    frame.stand_under(f"leads_pages.offers_{seen.direction}")
    return _shown_to(actor, seen, form)


@pages.show("/offers/<uuid:offer_id>/as-partner", scope="leads:read")
def offer_as_partner(actor: Actor, offer_id: UUID) -> str:
    """Show the page of a lead we gave as it is made for its receiver: by the same code, behind our own walls."""
    partner, seen = exchange.offer_as_partner(actor, offer_id)
    frame.stand_under("leads_pages.offers_given")
    return _shown_to(partner, seen, as_partner=True)


def _shown_to(actor: Actor, seen: OfferSeen, form: Form | None = None, *, as_partner: bool = False) -> str:
    """Return the page as it is made for somebody; a partner's view asks for nothing that is the partner's own."""
    partnership = partnerships.joined_partnership(actor, seen.partnership_id)
    steps = standing.steps(actor, seen.id)
    standing_contests = contests.of_offer(actor, seen.id)
    told = values.values_of(actor, seen)
    may = lifecycle.next_steps(seen.status, seen.side) if actor.has("leads:write") else []
    return render_template(
        "leads/offer.html",
        offer=seen,
        as_partner=as_partner,
        mine=partnership.name_of(actor.organization_id),
        gives=seen.direction == "given",
        sides=partnership.sides_by_id,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        clock=_clock(seen),
        line=next((one.name for one in partnership.terms.product_lines if one.id == seen.product_line_id), None),
        track=stations([step.step for step in steps]),
        lines=_timeline(seen, steps, exchange.timeline(actor, seen.id).items),
        told=told,
        round_id=rounds.round_of(actor, seen),
        may=[step.value for step in may],
        questions=list(reversed(questions.questions(actor, seen.id, _NEWEST_QUESTIONS).items)),
        may_speak=actor.has("leads:write") and seen.status in lifecycle.IN_PROGRESS,
        reasons={status.value: frame.choices(REASONS[status]) for status in may if status in REASONS},
        panels=[] if as_partner else frame.panels("offer", actor, seen),
        follow_up=_follow_up(actor, seen),
        contests=standing_contests,
        may_contest=contests.may_contest(actor, seen, standing_contests),
        may_claim=contests.may_claim(actor, seen),
        form=form or Form(),
    )


def _follow_up(actor: Actor, seen: OfferSeen) -> dict[str, Any] | None:
    """Return when a status of an accepted lead is due, and until when its receiver may ask for more time."""
    if seen.status is not OfferStatus.ACCEPTED or seen.follow_up_by is None:
        return None
    may_snooze = seen.direction == "received" and seen.snoozed_until is None and actor.has("leads:write")
    return {"is_late": clock.now() > seen.follow_up_by, "may_snooze": may_snooze}


class Line(NamedTuple):
    """One line of an offer's timeline: which side did what when; of a step its reason, note and value as well."""

    by: UUID
    did: str
    happened_at: datetime
    recorded_at: datetime
    reason: str = ""
    note: str | None = None
    step: LeadStep | None = None
    value: Money | None = None


def _timeline(seen: OfferSeen, steps: Sequence[LeadStep], told: Sequence[Any]) -> list[Line]:
    """Return the steps of an offer and what was done beside them, in the order in which it happened.

    The step by which its giver let a lead make way is told by what was done.
    """
    if any(one.verb == _MADE_WAY for one in told):
        steps = [step for step in steps if step.step is not OfferStatus.DISQUALIFIED]
    beside = [
        Line(one.acting_organization_id, one.verb.removeprefix("lead."), one.happened_at, one.recorded_at)
        for one in told
        if one.verb in _BESIDE_THE_STEPS
    ]
    return sorted([*(_told(seen, step) for step in steps), *beside], key=attrgetter("happened_at"))


def _told(seen: OfferSeen, step: LeadStep) -> Line:
    exact = None
    if step.value_minor is not None and step.currency is not None:
        exact = Money(step.value_minor, step.currency)
    return Line(
        seen.giver_id if step.step in _STEPS_OF_GIVER else seen.receiver_id,
        step.step.value,
        step.happened_at,
        step.recorded_at,
        reason=frame.words(REASONS[step.step](step.reason)) if step.reason else "",
        note=seen.note if step.step is seen.status else None,
        step=step,
        value=exact,
    )


def _clock(seen: OfferSeen) -> dict[str, Any] | None:
    if seen.status is not OfferStatus.OFFERED:
        return None
    now, total = clock.now(), (seen.respond_by - seen.offered_at).total_seconds()
    away = format_timedelta(abs(seen.respond_by - now))
    return {
        "total": total,
        "used": min(total, (now - seen.offered_at).total_seconds()),
        "left": _("%(time)s past the agreed time", time=away)
        if seen.is_late
        else _("%(time)s left to answer", time=away),
    }


def _step(path: str, shape: type[Shape] | None, act: Callable[..., OfferSeen], name: str) -> None:
    """Declare one step of an offered lead: the form is read by the API's shape and the same action is called."""

    def step(actor: Actor, offer_id: UUID, form: Form) -> str:
        act(actor, offer_id, *([form.load(shape)] if shape else []))
        return url_for("leads_pages.offer", offer_id=offer_id)

    step.__name__ = name
    pages.act(f"/offers/<uuid:offer_id>/{path}", scope="leads:write", again=offer)(step)


_step("accept", None, exchanging.accept_offer, "accept_offer")
_step("decline", schemas.DeclineOffer, exchanging.decline_offer, "decline_offer")
_step("withdraw", None, exchanging.withdraw_offer, "withdraw_offer")
_step("return", schemas.ReturnLead, exchanging.return_lead, "return_lead")
_step("snooze", schemas.SnoozeLead, following.snooze_lead, "snooze_lead")
_step("claim-credit", schemas.ClaimCredit, claiming.claim_credit, "claim_credit")
_step("contest", schemas.ContestLead, contesting.contest_lead, "contest_lead")
_step("qualify", schemas.Happened, exchanging.qualify_lead, "qualify_lead")
_step("disqualify", schemas.DisqualifyLead, exchanging.disqualify_lead, "disqualify_lead")
_step("convert", schemas.Happened, exchanging.convert_lead, "convert_lead")
_step("show-company", None, disclosing.show_company, "show_company")
_step("take-back", None, disclosing.take_back_details, "take_back_details")
_step("win", schemas.WinLead, exchanging.win_lead, "win_lead")
_step("lose", schemas.LoseLead, exchanging.lose_lead, "lose_lead")
