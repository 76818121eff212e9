"""Setting gates, asking them, and letting somebody pass for a time, with the reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.enablement import queries
from partnercrm.enablement.errors import ExceptionOver, NotEnabled
from partnercrm.enablement.gates import Verdict
from partnercrm.enablement.items import Gated, GateMode
from partnercrm.enablement.models import GateException, Programme
from partnercrm.enablement.queries import gate as asking
from partnercrm.enablement.queries.gate import Gate
from partnercrm.identity.queries import staying
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Told
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships


def set_gates(actor: Actor, partnership_id: UUID, given: Mapping[str, Any], expected: str | None) -> Programme:
    """Set what the own side's gates do in a partnership, from now on. Raises NotFound, MatchRequired, Stale."""
    partnerships.held_partnership(actor, partnership_id)
    # Who adds to a programme waits as well: one lock for all that is kept about it.
    queries.count_items(actor, partnership_id)
    found = queries.programme(actor, partnership_id, lock=True)
    versions.require_of_standing(expected, found.version_tag if found else None)
    if found is None:
        found = Programme(
            organization_id=actor.organization_id,
            partnership_id=partnership_id,
            registering=GateMode.OFF,
            receiving=GateMode.OFF,
            version=0,
        )
        db.session().add(found)
    found.registering, found.receiving = given["registering"], given["receiving"]
    found.changed_at, found.version = clock.now(), found.version + 1
    db.session().flush()
    record(actor, "enablement_gates.set", found)
    return found


def ask_gate(actor: Actor, partnership_id: UUID, what: Gated, at: datetime) -> Gate:
    """Return what the gate says to the actor, who is let through; where the gate is shut, raise NotEnabled.

    What no person does (a job, an organization's own hand) meets no gate.
    """
    if actor.user_id is None:
        return Gate(Verdict.PASSED)
    found = asking.gate(actor, partnership_id, actor.user_id, at, what)
    if found.is_blocked:
        missing = [{"item_id": str(one.item_id), "title": one.title, "link": one.link} for one in found.missing]
        titles = ", ".join(one.title for one in found.missing)
        raise NotEnabled(
            Told("First get to know what this partnership asks for: %(titles)s.", titles=titles), missing=missing
        )
    return found


def grant_exception(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> GateException:
    """Let a colleague pass the gates until a moment, for a reason both of them read. Raises NotFound, Invalid."""
    queries.living(actor, partnership_id)
    if given["user_id"] not in staying.those_who_stay(actor, {given["user_id"], actor.user_id or given["user_id"]}):
        raise Invalid.field("user_id", "There is no such person, or they left.")
    if given["user_id"] == actor.user_id or actor.user_id is None:
        raise Invalid.field("user_id", "An exception for you is somebody else's to give.")
    partnerships.held_partnership(actor, partnership_id)
    now = clock.now()
    if given["ends_at"] <= now:
        raise Invalid.field("ends_at", "An exception ends in the future.")
    granted = GateException(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=partnership_id,
        user_id=given["user_id"],
        reason=given["reason"],
        given_by=actor.user_id,
        given_at=now,
        ends_at=given["ends_at"],
    )
    db.session().add(granted)
    db.session().flush()
    record(actor, "enablement_exception.granted", granted)
    return granted


def end_exception(actor: Actor, exception_id: UUID) -> GateException:
    """End an exception before its time. Raises NotFound, ExceptionOver."""
    found = queries.exception(actor, exception_id, lock=True)
    partnerships.held_partnership(actor, found.partnership_id)
    if found.is_over:
        raise ExceptionOver
    found.ended_at = clock.now()
    db.session().flush()
    record(actor, "enablement_exception.ended", found)
    return found
