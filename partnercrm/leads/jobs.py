"""What the clock does to offers, what it tells and reads once a month or window is over, what reports are made of."""

from collections.abc import Callable, Collection
from uuid import UUID

import structlog

from partnercrm.identity import queries as identity
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job
from partnercrm.leads.actions import (
    drifting,
    keying,
    passing,
    publishing,
    rolling,
    rounds,
    sealing,
    totalling,
    watching,
)
from partnercrm.leads.queries import facts

log = structlog.get_logger(__name__)


@job("leads.expire_offer")
def expire_offer(organization_id: str, offer_id: str) -> None:
    """End an offer whose time has passed without an answer."""
    _run(watching.expire_offer, organization_id, offer_id)


@job("leads.ask_for_answer")
def ask_for_answer(organization_id: str, offer_id: str) -> None:
    """Remind the side that received an offer of its answer."""
    _run(watching.ask_for_answer, organization_id, offer_id)


@job("leads.ask_for_status")
def ask_for_status(organization_id: str, offer_id: str) -> None:
    """Ask the side that accepted a lead how it stands; at last the lead goes back."""
    _run(watching.ask_for_status, organization_id, offer_id)


@job("leads.return_round")
def return_round(organization_id: str, round_id: str) -> None:
    """End an exchange round whose time has passed."""
    _run(rounds.return_round, organization_id, round_id)


@job("leads.remind_of_round")
def remind_of_round(organization_id: str, round_id: str) -> None:
    """Remind a side that has not sealed of a round that ends soon."""
    _run(rounds.remind_of_round, organization_id, round_id)


@job("leads.begin_offers")
def begin_offers(organization_id: str, round_id: str) -> None:
    """Let the clocks run of what a side gave in a round that the other side's seal revealed."""
    _run(sealing.begin_offers, organization_id, round_id)


def _run(act: Callable[[Actor, UUID], None], organization_id: str, subject_id: str) -> None:
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        act(actor, UUID(subject_id))


@job("leads.publish_figures", every="23 2 * * *")
def publish_figures() -> None:
    """Publish the team figures of months that are over, of every organization."""
    _in_every(publishing.publish_all)


@job("leads.pass_on")
def pass_on(organization_id: str) -> None:
    """Let others follow who was released, disabled or may answer no more, in what lay with them."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        passing.pass_on(actor)


@job("leads.pass_all_on", every="7 3 * * *")
def pass_all_on() -> None:
    """Let others follow wherever something lies with who can do nothing about it, in every organization."""
    _in_every(passing.pass_on)


@job("leads.tell_totals", every="51 2 * * *")
def tell_totals() -> None:
    """Tell the totals of agreed windows that are over, of what every organization was given."""
    _in_every(totalling.tell_totals)


def _in_every(act: Callable[[Actor], None]) -> None:
    for organization_id in _organizations():
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            act(actor)


@job("leads.read_months", every="41 0 * * *")
def read_months() -> None:
    """Read what the last completed month lets be said of every exchange; on the other days what was missed."""
    for organization_id in _organizations():
        drifting.read_months(Actor.system(organization_id))


@job("leads.make_keys_anew", every="*/10 * * * *")
def make_keys_anew() -> None:
    """Make the keys by which companies are told apart anew, where their rule has changed since they were kept."""
    for organization_id in _organizations():
        for left in keying.make_keys_anew(Actor.system(organization_id)):
            log.info("leads.keys_made_anew", organization=str(organization_id), left=left)


@job("leads.roll_up", every="* * * * *")
def roll_up() -> None:
    """Keep the facts of every exchange of which something was recorded since the last time."""
    with db.transaction(None, read_only=True):
        waiting = facts.unsettled()
    for organization_id, partnership_id in waiting:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            rolling.roll_up(actor, partnership_id)


@job("leads.verify_facts", every="41 3 * * *")
def verify_facts() -> None:
    """Compare what is kept of every exchange with a recount of its steps; a difference is an error in the log."""
    with db.transaction(None, read_only=True):
        every = facts.settled()
    for organization_id, partnership_id in every:
        actor = Actor.system(organization_id)
        with db.transaction(actor):
            flaws = rolling.verify_facts(actor, partnership_id)
        if flaws:
            log.error("facts.flawed", partnership=str(partnership_id), flaws=flaws)


def _organizations() -> Collection[UUID]:
    with db.transaction(None, read_only=True):
        return identity.tenants()
