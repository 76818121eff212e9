"""Where one stands with every partner, and one item: read, acknowledged, answered, or entered for a colleague."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.enablement import queries, schemas
from partnercrm.enablement.actions import learning
from partnercrm.enablement.items import Outcome, Taught
from partnercrm.enablement.pages.blueprint import pages
from partnercrm.enablement.queries import standing
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.queries import answering
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Choice, Day, Id, Shape


class EnterResultOnPage(Shape):
    """What became of a colleague elsewhere, by days."""

    user_id = Id(required=True)
    outcome = Choice(Outcome, required=True)
    happened_on = Day(required=True)
    valid_until_on = Day()


@pages.show("/enablement", scope="enablement:read")
def my_enablement(actor: Actor) -> str:
    """Show where one stands with every partner, what is missing, and where it is learned."""
    living = answering.living_partnerships(actor)
    partners = {one.id: one.name_of(one.other(actor.organization_id)) for one in living}
    return render_template(
        "enablement/my_enablement.html",
        standings=[standing.own_standing(actor, one.id) for one in living],
        partners=partners,
        joined=actor.partnership_ids,
        keeps=actor.has("enablement:all"),
    )


@pages.show("/enablement/items/<uuid:item_id>", scope="enablement:read")
def item(actor: Actor, item_id: UUID, form: Form | None = None) -> str:
    """Show an item, where one stands at it, and how it is done."""
    found = queries.item(actor, item_id)
    stands = standing.own_standing(actor, found.partnership_id)
    keeps = actor.has("enablement:all") and found.partnership_id in actor.partnership_ids
    return render_template(
        "enablement/item.html",
        item=found,
        place=next((one.place for one in stands.items if one.item_id == item_id), None),
        roles=[Taught(role) for role in found.roles],
        keeps=keeps,
        people=[(str(one.id), one.name) for one in identity.colleagues(actor)] if keeps else [],
        outcomes=frame.choices(Outcome),
        form=form or Form(),
    )


@pages.act("/enablement/items/<uuid:item_id>/start", scope="enablement:write", again=item)
def start_item(actor: Actor, item_id: UUID, form: Form) -> str:
    """Begin with an item."""
    learning.start_item(actor, item_id)
    flash(_("Noted that you have begun."))
    return url_for("enablement_pages.item", item_id=item_id)


@pages.act("/enablement/items/<uuid:item_id>/acknowledge", scope="enablement:write", again=item)
def acknowledge_item(actor: Actor, item_id: UUID, form: Form) -> str:
    """Acknowledge an item."""
    learning.acknowledge_item(actor, item_id)
    flash(_("Thank you: noted that you know this."))
    return url_for("enablement_pages.my_enablement")


@pages.act("/enablement/items/<uuid:item_id>/answers", scope="enablement:write", again=item)
def answer_quiz(actor: Actor, item_id: UUID, form: Form) -> str:
    """Answer a course's quiz."""
    reached = learning.answer_quiz(actor, item_id, form.load(schemas.AnswerQuiz))
    if reached.outcome is Outcome.PASSED:
        flash(_("Passed: %(score)s per cent of the answers were right.", score=reached.score))
        return url_for("enablement_pages.my_enablement")
    flash(_("Not passed yet: %(score)s per cent were right. Try again when you like.", score=reached.score))
    return url_for("enablement_pages.item", item_id=item_id)


@pages.act("/enablement/items/<uuid:item_id>/results", scope="enablement:all", again=item)
def enter_result(actor: Actor, item_id: UUID, form: Form) -> str:
    """Enter what a colleague did elsewhere."""
    given = form.load(EnterResultOnPage)
    learning.enter_result(actor, item_id, _by_moments(given))
    flash(_("The result is kept."))
    return url_for("enablement_pages.item", item_id=item_id)


def _by_moments(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was given by days as moments: from the beginning of the first to the end of the last, in UTC."""
    moments = {"happened_at": datetime.combine(given["happened_on"], time(), UTC)}
    if "valid_until_on" in given:
        moments["valid_until"] = datetime.combine(given["valid_until_on"] + timedelta(days=1), time(), UTC)
    return {"user_id": given["user_id"], "outcome": given["outcome"]} | moments
