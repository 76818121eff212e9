"""Coverage of both sides over months, of the own groups, and the anonymous pulse."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.enablement.actions import measuring
from partnercrm.enablement.models.coverage import CoverageMonth
from partnercrm.enablement.pages.blueprint import pages
from partnercrm.enablement.queries import coverage as queries
from partnercrm.enablement.schemas.measuring import OpenPulse
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape, Whole


class GivePulse(Shape):
    """How much somebody trusts a partner, of one to five."""

    rung = Whole(least=1, most=5, example=4, required=True)


@pages.panel("partnership", rank=3)
def coverage_of_partnership(actor: Actor, partnership: Partnership) -> str | None:
    """Lead from a partnership to how much of either side is enabled."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended or not actor.has("enablement:read"):
        return None
    months = queries.months(actor, partnership.id)
    newest = [one for one in months if one.month == months[0].month] if months else []
    return render_template(
        "enablement/coverage_panel.html", partnership=partnership, months={one.organization_id: one for one in newest}
    )


@pages.show("/partnerships/<uuid:partnership_id>/coverage", scope="enablement:read")
def coverage(actor: Actor, partnership_id: UUID, form: Form | None = None, **_places: Any) -> str:
    """Show how much of either side is enabled, and the pulses."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    teams = {team.id: team.name for team in identity.teams(actor).items}
    groups = queries.groups(actor, partnership_id) if actor.has("leads:all") else []
    rounds = queries.pulses(actor, partnership_id, {"limit": 12, "sort": "-opened_at"}).items
    return render_template(
        "enablement/coverage.html",
        partnership=partnership,
        sides=partnership.sides_by_id,
        mine=actor.organization_id,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        months=_by_month(queries.months(actor, partnership_id)),
        groups=[(one, [teams[key] for key in one.team_ids if key in teams]) for one in groups],
        oversees=actor.has("leads:all"),
        asked=next((one for one in rounds if one.is_open), None),
        rounds=[one for one in rounds if not one.is_open],
        form=form or Form(),
    )


@pages.act("/partnerships/<uuid:partnership_id>/pulses", scope="enablement:all", again=coverage)
def open_pulse(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Ask the own people."""
    measuring.open_pulse(actor, partnership_id, form.load(OpenPulse))
    flash(_("Asked for two weeks; what came of it is told afterwards, of eight people at least."))
    return url_for("enablement_pages.coverage", partnership_id=partnership_id)


@pages.act(
    "/partnerships/<uuid:partnership_id>/pulses/<uuid:round_id>/give",
    scope="enablement:write",
    again=coverage,
    keeps_answer=False,
)
def give_pulse(actor: Actor, partnership_id: UUID, round_id: UUID, form: Form) -> str:
    """Count one answer, without a name."""
    measuring.give_pulse(actor, round_id, form.load(GivePulse)["rung"])
    flash(_("Thank you: counted, and nobody can tell what you said."))
    return url_for("enablement_pages.coverage", partnership_id=partnership_id)


def _by_month(found: Sequence[CoverageMonth]) -> list[tuple[str, dict[UUID, CoverageMonth]]]:
    months: dict[str, dict[UUID, CoverageMonth]] = {}
    for one in found:
        months.setdefault(one.month, {})[one.organization_id] = one
    return list(months.items())
