"""Who is asked first about received leads: the rules, what becomes of what waits, and handing one lead on."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts.sizes import SizeBand
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound
from partnercrm.leads.actions import passing
from partnercrm.leads.actions import routing as actions
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus, Side
from partnercrm.leads.models.routing import RoutingPlan
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import offer as offer_page
from partnercrm.leads.queries import routing as known
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.schemas.routing import AssignLead, HandOverLead, SetRouting, TrialQuery
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import answering
from partnercrm.web import frame
from partnercrm.web.page import Form

_LISTS: Final = ("countries", "industries")
_CHOSEN: Final = ("user_ids", "size_bands")
_ADDED: Final = "add"
_NOBODY: Final = "Nobody of your organization has this name or address."
_SEVERAL: Final = "Several of your colleagues have this name; type the address."


@pages.show("/routing", scope="partnerships:write")
def routing(actor: Actor, form: Form | None = None) -> str:
    """Show the rules, a trial of them, and what becomes of each lead that waits."""
    plan = known.plan(actor)
    living = answering.living_partnerships(actor)
    filters, shown, people = Form.asked(), form or _filled(plan), identity.colleagues(actor)
    rows = len(plan.rules if plan else ()) + 1
    joined = {
        one.id: one.name_of(one.other(actor.organization_id)) for one in living if one.id in actor.partnership_ids
    }
    return render_template(
        "leads/routing.html",
        form=shown,
        rows=rows,
        partners=[(str(one.id), one.name_of(one.other(actor.organization_id))) for one in living],
        lines=[(str(line.id), line.name) for one in living for line in one.terms.product_lines],
        teams=[(str(one.id), one.name) for one in identity.teams(actor).items],
        people=people,
        asked=[_named(shown, row, people) for row in range(rows)],
        sizes=[(value, words, "") for value, words in frame.choices(SizeBand)],
        size_bands=frame.choices(SizeBand),
        countries=frame.countries(),
        filters=filters,
        joined=list(joined.items()),
        trial=known.trial_of(actor, filters.load(TrialQuery)) if filters.values else None,
        waiting=[
            (one, known.trial(actor, known.teaser_of(one)), _asked_first(actor, one.id)) for one in known.waiting(actor)
        ]
        if plan and plan.rules
        else [],
    )


def _named(form: Form, row: int, people: Sequence[User]) -> list[tuple[str, str, str]]:
    """Return whom a rule names, as choices: of hundreds of colleagues these alone are listed."""
    chosen = form.chosen.get(f"rules.{row}.user_ids", ())
    return [(str(one.id), one.name, "") for one in people if str(one.id) in chosen]


def _asked_first(actor: Actor, offer_id: UUID) -> str | None:
    """Return the name of who is asked first about an offer, where somebody is."""
    try:
        return known.assignment(actor, offer_id).assignee.name
    except NotFound:
        return None


@pages.act("/routing", scope="partnerships:write", again=routing)
def set_routing(actor: Actor, form: Form) -> str:
    """Keep the rules as the form says them; a rule without people and team is dropped."""
    actions.set_routing(actor, _given(form, identity.colleagues(actor)), form.values.get("version"))
    flash(_("Saved. Leads that are offered from now on go by these rules."))
    return url_for("leads_pages.routing")


def _given(form: Form, people: Sequence[User]) -> dict[str, Any]:
    """Read the form by the API's shape: lists are written with commas between, several are chosen, some are typed."""
    numbers = sorted(
        {int(name.split(".")[1]) for name in form.chosen if name.startswith("rules.") and form.chosen[name]}
    )
    added = _added(form, numbers, people)
    kept = [
        number
        for number in numbers
        if f"rules.{number}.user_ids" in form.values or f"rules.{number}.team_id" in form.values or added[number]
    ]
    values: dict[str, str] = {}
    for place, number in enumerate(kept):
        for name, value in form.values.items():
            field = name.removeprefix(f"rules.{number}.")
            if field in {name, _ADDED, "user_ids"}:
                continue
            several = form.chosen[name] if field in _CHOSEN else value.split(",") if field in _LISTS else None
            if several is None:
                values[f"rules.{place}.{field}"] = value
                continue
            for at, one in enumerate(part.strip() for part in several if part.strip()):
                values[f"rules.{place}.{field}.{at}"] = one.upper() if field == "countries" else one
        asked = dict.fromkeys([*form.chosen.get(f"rules.{number}.user_ids", ()), *added[number]])
        values |= {f"rules.{place}.user_ids.{at}": one for at, one in enumerate(asked)}
    if not kept:
        return {"rules": []}
    return Form(values).load(SetRouting)


def _added(form: Form, numbers: Sequence[int], people: Sequence[User]) -> dict[int, list[str]]:
    """Return the ids of those who are typed beside each rule. Raises Invalid that names whoever is not found."""
    known: dict[str, set[str]] = {}
    for one in people:
        for called in (one.name, one.email):
            known.setdefault(called.casefold(), set()).add(str(one.id))
    added: dict[int, list[str]] = {number: [] for number in numbers}
    wrong = []
    for number in numbers:
        at = f"rules.{number}.{_ADDED}"
        for typed in filter(None, (part.strip() for part in form.values.get(at, "").split(","))):
            found = known.get(typed.casefold(), set())
            if len(found) == 1:
                added[number] += found
            else:
                wrong.append(FieldError(at, _SEVERAL if found else _NOBODY))
    if wrong:
        raise Invalid(wrong)
    return added


def _filled(plan: RoutingPlan | None) -> Form:
    """Return the form as the rules fill it in."""
    values: dict[str, str] = {"version": plan.version_tag} if plan else {}
    chosen: dict[str, list[str]] = {}
    for place, rule in enumerate(plan.rules if plan else ()):
        for name, value in rule.items():
            at = f"rules.{place}.{name}"
            if name in _CHOSEN:
                chosen[at] = list(value)
            elif value:
                values[at] = ", ".join(value) if name in _LISTS else str(value).lower() if value is True else str(value)
    return Form(values, chosen)


@pages.panel("offer")
def who_is_asked(actor: Actor, seen: OfferSeen) -> str | None:
    """Show the receiving side who is asked first about a lead that waits, and let it be handed on."""
    if seen.side is not Side.RECEIVER or seen.status is not OfferStatus.OFFERED:
        return None
    return render_template(
        "leads/offer_assignment.html",
        offer=seen,
        name=_asked_first(actor, seen.id),
        choices=_colleagues(actor, seen),
        form=Form(),
    )


@pages.panel("offer")
def who_works_on_it(actor: Actor, seen: OfferSeen) -> str | None:
    """Let a lead that is under way be handed over to a colleague; who has it is named to whom that may be told."""
    waits_here = seen.side is Side.RECEIVER and seen.status is OfferStatus.OFFERED
    choices = _colleagues(actor, seen)
    if waits_here or seen.status not in IN_PROGRESS or not choices:
        return None
    holder = seen.giver_member if seen.side is Side.GIVER else seen.receiver_member
    name = holder.name if holder else None
    return render_template("leads/offer_hand_over.html", offer=seen, name=name, choices=choices, form=Form())


def _colleagues(actor: Actor, seen: OfferSeen) -> list[tuple[str, str]]:
    """Return who of the actor's side may answer for a lead, as choices; none to who may change nothing."""
    members = partnerships.own_members(actor, seen.partnership_id) if actor.has("leads:write") else ()
    return [
        (str(one.user_id), one.name) for one in members if answering.may_answer(actor, seen.partnership_id, one.user_id)
    ]


@pages.act("/offers/<uuid:offer_id>/assign", scope="leads:write", again=offer_page)
def assign_lead(actor: Actor, offer_id: UUID, form: Form) -> str:
    """Hand a lead that waits to a colleague."""
    actions.assign_lead(actor, offer_id, form.load(AssignLead))
    flash(_("Your colleague is asked first from now on, and told."))
    return url_for("leads_pages.offer", offer_id=offer_id)


@pages.act("/offers/<uuid:offer_id>/hand-over", scope="leads:write", again=offer_page)
def hand_over_lead(actor: Actor, offer_id: UUID, form: Form) -> str:
    """Hand a lead that is under way over to a colleague."""
    passing.hand_over_lead(actor, offer_id, form.load(HandOverLead))
    flash(_("Your colleague works on it from now on, and is told."))
    return url_for("leads_pages.offer", offer_id=offer_id)
