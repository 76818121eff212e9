"""The page on which one's own side divides its share of a deal; the other side has no such page of it."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.deals.queries import selling
from partnercrm.identity import queries as identity
from partnercrm.incentives.actions import dividing as actions
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries import divisions
from partnercrm.incentives.schemas.dividing import DivideShare
from partnercrm.incentives.splits import MOST_PARTICIPANTS
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame, rows
from partnercrm.web.page import Form

_BLANK_ROWS = 3


@pages.show("/deals/<uuid:deal_id>/division", scope="incentives:agree")
def division(actor: Actor, deal_id: UUID, form: Form | None = None) -> str:
    """Show how our side divides its share, and the form to divide it otherwise."""
    found = divisions.division(actor, deal_id)
    values = rows.compacted(form.values) if form else _values(found)
    count = len({name.split(".")[1] for name in values if name.startswith("participants.")})
    frame.stand_under("incentives_pages.split_proposals")
    return render_template(
        "incentives/division.html",
        deal=selling.deal(actor, deal_id),
        division=found,
        rows=min(count + _BLANK_ROWS, MOST_PARTICIPANTS),
        people=[(str(one.id), one.name) for one in identity.colleagues(actor)],
        today=clock.now().date(),
        form=Form(values, {}, form.errors if form else {}, form.problem if form else None),
    )


@pages.act("/deals/<uuid:deal_id>/division", scope="incentives:agree", again=division)
def divide_share(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Divide our share; parts are of all parts given, so they always come to the whole."""
    given = _filled(form)
    actions.divide_share(actor, deal_id, given, form.values.get("version", ""))
    flash(_("Divided; only your side reads it."))
    return url_for("deals_pages.deal", deal_id=deal_id)


def _filled(form: Form) -> dict[str, Any]:
    given = form.without("version").load(DivideShare)
    return given | {"whole": sum(one["parts"] for one in given["participants"])}


def _values(found: Any) -> dict[str, str]:
    values: dict[str, str] = {}
    for place, one in enumerate(found.participants):
        values |= {f"participants.{place}.user_id": str(one.user_id), f"participants.{place}.parts": str(one.parts)}
    return values
