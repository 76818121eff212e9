"""The demo's joint accounts: one with a plan and notes of one side's own, and one that waits for an answer."""

from datetime import datetime, timedelta
from typing import Any, Final

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions import joint, planning
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.plans import ItemKind, Stance
from partnercrm.accounts.queries import plans
from partnercrm.demo.settling import GINA, SAM, Told
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_PLAN: Final = {
    "goal": "One warehouse system for both sites before the winter season.",
    "proposition": "Scanners and stock in one contract, live in ninety days, with one team on site.",
}
_STAKEHOLDER: Final = {"kind": ItemKind.STAKEHOLDER, "text": "Head of logistics, decides", "stance": Stance.SUPPORTS}
_WAITING: Final = {
    "name": "Ostwind Kontraktlogistik GmbH",
    "country": "DE",
    "city": "Rostock",
    "domains": ["ostwind.example"],
}


def join(world: Told, now: datetime) -> None:
    """Let Sam and Gina work on one company together, and Gina name another that Acme has yet to answer."""
    sam, gina = world.called(SAM), world.called(GINA)
    with db.transaction(sam, read_only=True):
        given = {"owner_id": sam.user_id, "relationship": "customer", "sort": "name", "limit": 1}
        account_id = accounts.accounts(sam, given).items[0].id
    begun = now - timedelta(days=1)
    named = {"partnership_id": world.partnership, "account_id": account_id, "numbers": []}
    one = _done(sam, begun, joint.propose_joint_account, named)
    agreed = _done(gina, begun + timedelta(hours=3), joint.agree_joint_account, one.id, {})
    _plan(sam, gina, agreed, now)
    _done(gina, now - timedelta(hours=2), joint.open_joint_account, world.partnership, **_WAITING)


def _plan(sam: Actor, gina: Actor, one: JointAccount, now: datetime) -> None:
    at = now - timedelta(hours=8)
    _done(gina, at, planning.change_joint_account, one.id, _PLAN, one.version_tag)
    _done(gina, at, planning.add_item, one.id, _STAKEHOLDER)
    with db.transaction(sam, read_only=True):
        people = {member.organization_id: member.id for member in plans.plan(sam, one.id).people}
        own = plans.own_side(sam, one.id).version_tag
    offer = {"kind": ItemKind.NEXT_STEP, "text": "Send one joint offer", "due_on": (now + timedelta(days=9)).date()}
    _done(gina, at, planning.add_item, one.id, offer | {"owner_member_id": people[gina.organization_id]})
    notes = {"notes": "Their contract with the old supplier ends in March."}
    _done(sam, now - timedelta(hours=5), planning.keep_own_side, one.id, notes, own)


def _done(actor: Actor, at: datetime, act: Any, *given: Any, **named: Any) -> Any:
    with clock.at(at), db.transaction(actor):
        return act(actor, *given, **named)
