"""Registered deals: the list with what waits, and one with how it stands and what may be done."""

from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _

from partnercrm.deals import queries, registering, schemas
from partnercrm.deals.conflicts import LOGGED
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.queries import RegistrationSeen, appeals, selling
from partnercrm.deals.registering import BY_REVIEWER, AskedField, Involvement, Party, RegistrationStatus, RejectReason
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/registrations", scope="deals:read")
def registrations(actor: Actor) -> str:
    """Show what either side registered: what waits for a review, one's own side's, or conflicts."""
    filters = Form.asked()
    found = queries.registrations(actor, filters.load(schemas.RegistrationQuery))
    first_url, next_url = filters.pages("deals_pages.registrations", found.next)
    return render_template(
        "deals/registrations.html",
        found=found.items,
        tab=_tab(filters),
        filters=filters,
        statuses=frame.choices(RegistrationStatus),
        partners=partner_names(actor),
        lines=product_lines(actor),
        first_url=first_url,
        next_url=next_url,
    )


def _tab(filters: Form) -> str:
    if filters.values.get("reason") == RejectReason.EARLIER_EVIDENCE.value:
        return "conflicts"
    return filters.values.get("direction", "")


def partner_names(actor: Actor) -> dict[UUID, str]:
    """Return the names of the partners whose partnership the actor is a member of, by partnership."""
    joined = partnerships.joined_partnerships(actor)
    return {one.id: one.name_of(one.other(actor.organization_id)) for one in joined}


def product_lines(actor: Actor) -> dict[UUID, str]:
    """Return the names of the product lines that the actor's partnerships agreed, by id."""
    return {line.id: line.name for one in partnerships.joined_partnerships(actor) for line in one.terms.product_lines}


@pages.show("/registrations/<uuid:registration_id>", scope="deals:read")
def registration(actor: Actor, registration_id: UUID, form: Form | None = None) -> str:
    """Show one registration: what is known of it, how it stands, what may be done."""
    seen = queries.registration(actor, registration_id)
    partnership = partnerships.joined_partnership(actor, seen.partnership_id)
    return render_template(
        "deals/registration.html",
        one=seen,
        partnership=partnership,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        line=next((line.name for line in partnership.terms.product_lines if line.id == seen.product_line_id), None),
        may=_may(actor, seen),
        deal=selling.held_by(actor, seen.registration),
        case=appeals.case_of(actor, seen) if actor.has("cases:read") else None,
        happened=[(partnership.name_of(one.acting_organization_id), one) for one in _timeline(actor, seen)],
        choices=_choices(seen),
        form=form or Form(_as_it_stands(seen)),
        panels=frame.panels("registration", actor, seen),
    )


def _timeline(actor: Actor, seen: RegistrationSeen) -> Any:
    return queries.timeline(actor, seen.id).items


def _as_it_stands(seen: RegistrationSeen) -> dict[str, str]:
    """Return what is there already of what may be asked for, to be mended and not typed again."""
    value = {"value.amount": seen.value.amount, "value.currency": seen.value.currency} if seen.value else {}
    return value | {
        "close_on": seen.close_on.isoformat(),
        "asks": seen.asks,
        "involvement": seen.involvement.value,
    }


def _may(actor: Actor, seen: RegistrationSeen) -> frozenset[str]:
    """Return what the viewer may do now, by the words of the page."""
    reviews, registers = actor.has("deals:review"), actor.has("deals:write")
    holds = {Party.REVIEWER: reviews, Party.REGISTRANT: registers, Party.RECORD: False}
    steps = {step.value for step in registering.next_steps(seen.status, seen.party) if holds[seen.party]}
    return frozenset(steps | ({"appeal"} if appeals.may_appeal(actor, seen) else set()))


def _choices(seen: RegistrationSeen) -> dict[str, Any]:
    return {
        "reasons": frame.choices(BY_REVIEWER),
        "kinds": frame.choices(LOGGED),
        "involvements": frame.choices(Involvement),
        "fields": [(field.value, frame.words(field), "") for field in AskedField],
        "direct": [("true", _("We have a deal of our own there")), ("false", _("We have none there"))],
    }
