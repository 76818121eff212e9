"""What the demo's partners settle: decided, with a moderator, begun by the record; and details taken back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from partnercrm.cases import queries
from partnercrm.cases.actions import moderating, settling
from partnercrm.cases.lifecycle import CaseKind, CaseStatus, Outcome
from partnercrm.demo.people import MONA
from partnercrm.demo.plan import Plan
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import claiming, disclosing, drifting

SAM: Final = "sam@acme.example"
GINA: Final = "gina@globex.example"


class Told(Protocol):
    """What the story has come to so far."""

    offers: dict[str, UUID]

    @property
    def partnership(self) -> UUID:
        """The partnership of Acme and Globex."""

    def called(self, email: str) -> Actor:
        """Return the person with this address as an actor."""


def settle(world: Told, planned: Plan, now: datetime) -> None:
    """Let there be a case in each hand, and a lead whose details its giver took back."""
    _decide(world, now - timedelta(days=41))
    _submit(world, now - timedelta(days=6))
    _take_back(world, planned, now - timedelta(days=2))
    _claim(world, planned, now - timedelta(days=17))


def _decide(world: Told, began: datetime) -> None:
    """Let both sides find why answers came late in the summer, and agree on what follows."""
    sam, gina = world.called(SAM), world.called(GINA)
    with clock.at(began), db.transaction(sam):
        claim = "Answers took longer than agreed in August. Let us look for the cause together."
        case_id = settling.open_case(sam, world.partnership, kind=CaseKind.CAUSE_ANALYSIS, claim=claim).id
    with clock.at(began + timedelta(days=1)), db.transaction(gina):
        said = "Two of us were on leave at the same time, and nobody read the shared inbox."
        settling.make_statement(gina, case_id, {"text": said})
    with clock.at(began + timedelta(days=2)), db.transaction(gina):
        outcome = {
            "outcome": Outcome.ARRANGED,
            "reasons": "Leave overlapped and nobody stood in.",
            "next_step": "We name deputies before the next holidays.",
        }
        proposal = settling.propose_outcome(gina, case_id, outcome).proposal_id
    with clock.at(began + timedelta(days=3)), db.transaction(sam):
        settling.agree_outcome(sam, case_id, {"proposal_id": proposal})


def _submit(world: Told, began: datetime) -> None:
    """Let Globex and Acme see one lead differently, and ask a third to decide."""
    sam, gina, mona = world.called(SAM), world.called(GINA), world.called(MONA.email)
    shown = {"title": "Our note of the call", "text": "They asked for a quote on the spot; the budget is approved."}
    with clock.at(began), db.transaction(gina):
        claim = "We see the Harbor 900 request as qualified; you count it as an inquiry."
        opened = settling.open_case(gina, world.partnership, kind=CaseKind.DISPUTE, claim=claim, evidence=[shown])
        case_id = opened.id
    steps: tuple[tuple[Actor, Any], ...] = (
        (sam, lambda: settling.make_statement(sam, case_id, {"text": "The contact told us it is for next year."})),
        (gina, lambda: moderating.name_moderator(gina, case_id, {"address": MONA.email})),
        (sam, lambda: moderating.confirm_moderator(sam, case_id)),
        (mona, lambda: _accept(mona)),
        (gina, lambda: moderating.submit_case(gina, case_id)),
    )
    for hours, (actor, act) in enumerate(steps, 1):
        with clock.at(began + timedelta(hours=7 * hours)), db.transaction(actor):
            act()


def _accept(mona: Actor) -> None:
    (asked,) = queries.moderations(mona, {"sort": "received_at", "limit": 1}).items
    moderating.accept_moderation(mona, asked.id, {"declares": "I have worked with neither of you."})


def look_for_cause(companies: Sequence[Actor], hank: Actor) -> None:
    """Let the record read the last completed month, and Globex say the first words to the case that it opens."""
    for company in companies:
        drifting.read_months(company)
    with db.transaction(hank):
        given = {"kind": CaseKind.CAUSE_ANALYSIS, "status": CaseStatus.OPEN, "sort": "-opened_at", "limit": 1}
        for case in queries.cases(hank, given).items:
            said = "We have asked our field teams which of their customers want your products; first answers next week."
            settling.make_statement(hank, case.id, {"text": said})


def _claim(world: Told, planned: Plan, began: datetime) -> None:
    """Let Globex find that it pursued a lead which it had declined, so that Acme is credited."""
    mine = [one for one in planned.passages if one.giver == "acme" and one.steps[-1].verb == "decline"]
    declined = max((one for one in mine if one.steps[-1].at < began), key=lambda one: one.steps[-1].at)
    giver, gina = world.called(declined.seller), world.called(GINA)
    offer_id = world.offers[declined.lead["external_id"]]
    with clock.at(began), db.transaction(giver):
        claimed = {"claim": "Their buyer told us that you made them an offer a month after you declined."}
        claiming.claim_credit(giver, offer_id, claimed)
    with clock.at(began + timedelta(days=1)), db.transaction(gina):
        asked = {"kind": CaseKind.LEAD_PURSUED, "sort": "opened_at", "limit": 1}
        (case,) = queries.cases(gina, asked).items
        shown = {"title": "Our own entry", "text": "A colleague met them at a fair and did not know of the lead."}
        settling.add_evidence(gina, case.id, shown)
        outcome = {"outcome": Outcome.CORRECTED, "reasons": "We did pursue it; the credit is theirs."}
        proposal = settling.propose_outcome(gina, case.id, outcome).proposal_id
    with clock.at(began + timedelta(days=2)), db.transaction(giver):
        settling.agree_outcome(giver, case.id, {"proposal_id": proposal})


def _take_back(world: Told, planned: Plan, at: datetime) -> None:
    """Let Acme take back who a lost lead was."""
    lost = next(one for one in planned.passages if one.giver == "acme" and one.steps[-1].verb == "lose")
    giver = world.called(lost.seller)
    with clock.at(at), db.transaction(giver):
        disclosing.take_back_details(giver, world.offers[lost.lead["external_id"]])
