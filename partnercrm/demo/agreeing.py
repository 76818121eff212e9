"""What Acme and Globex agree on in the demo: wider terms, a phase left, a goal half reached, a criterion open."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from partnercrm.demo.sharing import TEMPLATES
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries
from partnercrm.partnerships.actions import phases, terms
from partnercrm.partnerships.agreements import GoalMeasure, PartnershipKind, Phase
from partnercrm.partnerships.queries.known import terms_known

_LAST: Final = 424 - 0.01
_NEVER_BEFORE: Final = {"from_on": None, "organization_id": None}


LINES: Final = {"Kite": "Warehouse software", "Harbor": "Fleet tracking", "Moor Advanced": "Fleet tracking"}


def agree(dana: Actor, hank: Actor, partnership_id: UUID, begun: datetime) -> None:
    """Let both agree on more than the partnership began with, go on to the pilot, and one propose a last change."""
    later = partial(_at, begun)
    change = later(40, dana, lambda: terms.propose_terms(dana, partnership_id, _wider(begun)).change.id)
    later(43, hank, lambda: terms.accept_terms(hank, change))
    met_id = later(44, dana, lambda: _criterion(dana, partnership_id))
    evidence = {"evidence": "Ten of ten, by the report both sides read."}
    for days, actor in ((118, dana), (121, hank)):
        given = evidence | {"met_on": (begun + timedelta(days=days)).date()}
        later(days, actor, partial(phases.mark_criterion, actor, partnership_id, met_id, given))
    move = later(125, dana, lambda: phases.propose_phase(dana, partnership_id, {"note": "On to the pilot."}).id)
    later(127, hank, lambda: phases.accept_phase(hank, move, {}))
    trained = later(300, hank, lambda: _goal(hank, partnership_id))
    for days, value in ((200, 7), (400, 15)):
        reading_of = {"value": value, "read_on": (begun + timedelta(days=days)).date(), "note": ""}
        later(days, hank, partial(phases.enter_goal_value, hank, partnership_id, trained, reading_of))
    faster = {
        "based_on": 3,
        "note": "A status within ten days keeps sellers confident.",
        "terms": {"follow_up_hours": 80},
    }
    advance = {"based_on": 2, "note": "So that nobody waits for the other.", "terms": {"trust_advance": 20}}
    # The last thing before the demo begins: what was offered before went by no advance.
    agreed = later(_LAST, dana, lambda: terms.propose_terms(dana, partnership_id, advance).change.id)
    later(_LAST, hank, lambda: terms.accept_terms(hank, agreed))
    later(_LAST, hank, lambda: terms.propose_terms(hank, partnership_id, faster))


class Lines(NamedTuple):
    """The agreed product lines by name, and since when."""

    since: datetime
    ids: dict[str, UUID]


def lines(actor: Actor, partnership_id: UUID) -> Lines:
    """Return the product lines that were agreed, and since when; later versions of the terms name the same ones."""
    with db.transaction(actor, read_only=True):
        known = terms_known(queries.partnership(actor, partnership_id), clock.now())
        agreed = next(one for one in known if one.product_lines)
    return Lines(agreed.effective_at, {one.name: one.id for one in agreed.product_lines})


def product_line(at: datetime, need: str, agreed: Lines | None) -> dict[str, UUID]:
    """Return the product line a lead is offered for, once there are any; the smallest products belong to none."""
    name = next((line for product, line in LINES.items() if need.startswith(product)), None)
    return {"product_line_id": agreed.ids[name]} if agreed and name and at >= agreed.since else {}


def _at(begun: datetime, days: float, actor: Actor, happen: Callable[[], Any]) -> Any:
    with clock.at(begun + timedelta(days=days)), db.transaction(actor):
        return happen()


def _wider(begun: datetime) -> dict[str, Any]:
    def due(days: int) -> date:
        return (begun + timedelta(days=days)).date()

    accepted = {"text": "Both sides' leads accepted", "measure": GoalMeasure.LEADS_ACCEPTED, "target": 120}
    trained = {"text": "Sellers who know the joint offer", "measure": GoalMeasure.ENTERED, "target": 30}
    return {
        "based_on": 1,
        "note": "What we said at the kick-off, with numbers and days.",
        "terms": {
            "kind": PartnershipKind.CO_SELL,
            "window_months": 12,
            "regions": ["DE", "AT", "CH"],
            "product_lines": [{"name": name} for name in dict.fromkeys(LINES.values())],
            "overlay_cap_percent": 10,
            "split_templates": TEMPLATES,
            "goals": [
                accepted | _NEVER_BEFORE | {"unit": None, "due_on": due(540)},
                trained | _NEVER_BEFORE | {"unit": "sellers", "due_on": due(500)},
            ],
            "criteria": [
                {
                    "phase": Phase.PROOF_OF_CONCEPT,
                    "text": "Ten leads answered in time by each side",
                    "shown_by": "10 of 10 within the agreed time",
                    "due_on": due(120),
                },
                {
                    "phase": Phase.PILOT,
                    "text": "Three joint customers won",
                    "shown_by": "3 wins on the record",
                    "due_on": due(480),
                },
            ],
        },
    }


def _criterion(actor: Actor, partnership_id: UUID) -> UUID:
    criteria = queries.partnership(actor, partnership_id).terms.criteria
    return next(one.id for one in criteria if one.phase is Phase.PROOF_OF_CONCEPT)


def _goal(actor: Actor, partnership_id: UUID) -> UUID:
    goals = queries.partnership(actor, partnership_id).terms.goals
    return next(one.id for one in goals if one.measure is GoalMeasure.ENTERED)
