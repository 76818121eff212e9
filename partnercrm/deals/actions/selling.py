"""Working on a deal: it opens with an approved registration, moves, changes, and its last change is undone.

Every change names the state it was based on; under the row's lock one of two who changed the same state is refused, and
reads what it had read beside what stands now.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.deals import stages
from partnercrm.deals.actions.steps import told_value
from partnercrm.deals.errors import DealChanged, DealClosed, NothingToUndo, NotInvolved
from partnercrm.deals.histories import DealAct, Facts, compared, differences, may_undo
from partnercrm.deals.models import Registration
from partnercrm.deals.models.deals import Deal, DealEvent
from partnercrm.deals.queries import selling as queries
from partnercrm.deals.queries.selling import DealSeen
from partnercrm.deals.registering import Party
from partnercrm.deals.stages import CLOSED, Stage
from partnercrm.kernel import db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, Stale
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.money import Money

_UNDONE: Final = ("stage", "reason", "value_band", "value_minor", "currency", "close_on", "involvement")


def open_deal(actor: Actor, registration: Registration) -> None:
    """Open the deal of a registration that was just approved; one that is open in its place goes on as its own."""
    found = queries.open_in_place(actor, registration)
    now = db.now()
    if found is not None:
        _keep(
            found,
            DealAct.PASSED_ON,
            max(now, found.happened_at),
            registration_id=registration.id,
            origin_id=registration.organization_id,
            involvement=registration.involvement,
        )
        record(actor, "deal.passed_on", found)
        return
    first, second = sorted(registration.sides())
    made = Deal(
        id=new_id(),
        partnership_id=registration.partnership_id,
        first_organization_id=first,
        second_organization_id=second,
        registration_id=registration.id,
        origin_id=registration.organization_id,
        joint_account_id=registration.joint_account_id,
        product_line_id=registration.product_line_id,
        involvement=registration.involvement,
        stage=registration.entry_stage,
        value_band=registration.value_band,
        value_minor=registration.value_minor,
        currency=registration.currency,
        close_on=registration.close_on,
        act=DealAct.OPENED,
        opened_at=now,
        happened_at=now,
    )
    db.session().add(made)
    db.session().flush()
    record(actor, "deal.opened", made)


def move_deal(actor: Actor, deal_id: UUID, given: Mapping[str, Any], expected: str | None) -> DealSeen:
    """Move a deal to another stage, now or as it happened before. Raises DealChanged, the rules' refusals, Invalid."""
    found, _ = queries.deal_to_change(actor, deal_id)
    after: Stage = given["stage"]
    _require_read(actor, found, expected, found.facts._replace(stage=after, reason=given.get("reason")))
    stages.require_move(found.stage, after, found.party_of(actor.organization_id), found.involvement)
    now = db.now()
    happened_at: datetime = given.get("happened_at") or now
    wrong = stages.wrong_reason(after, given.get("reason"))
    if not found.happened_at <= happened_at <= now:
        wrong.append(FieldError("happened_at", "A move happened since the change before it, and not in the future."))
    if wrong:
        raise Invalid(wrong)
    before = found.stage
    _keep(found, DealAct.MOVED, happened_at, stage=after, reason=given.get("reason"))
    record(actor, f"deal.{_verb(after)}", found, stage=after.value, before=before.value)
    return queries.deal(actor, deal_id)


def change_deal(actor: Actor, deal_id: UUID, given: Mapping[str, Any], expected: str | None) -> DealSeen:
    """Change what both read of a deal: its value as the terms tell it, its close, how far the partner takes part.

    Raises DealChanged, DealClosed, NotInvolved, Invalid.
    """
    found, partnership = queries.deal_to_change(actor, deal_id)
    columns = {name: given[name] for name in ("close_on", "involvement") if name in given}
    if value := given.get("value"):
        columns |= told_value(partnership, value)
    _require_read(actor, found, expected, found.facts._replace(**_wanted(columns)))
    _require_part(actor, found)
    if "involvement" in given and found.party_of(actor.organization_id) is not Party.REGISTRANT:
        raise Invalid.field("involvement", "The side that registered the deal says how far the partner takes part.")
    if given.get("close_on") and given["close_on"] < db.now().date():
        raise Invalid.field("close_on", "This day has passed.")
    columns = {name: value for name, value in columns.items() if value != getattr(found, name)}
    if columns:
        before = found.facts
        _keep(found, DealAct.CHANGED, db.now(), **columns)
        record(actor, "deal.changed", found, fields=[one.field for one in differences(before, found.facts)])
    return queries.deal(actor, deal_id)


def _wanted(columns: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: columns[name] for name in ("close_on", "involvement", "currency") if name in columns}
    if "value_band" in columns:
        exact = columns["value_minor"]
        wanted["value"] = columns["value_band"] if exact is None else Money(exact, columns["currency"])
    return wanted


def undo_change(actor: Actor, deal_id: UUID, expected: str | None) -> DealSeen:
    """Undo the last change of a deal, which the actor's side made. Raises DealChanged, DealClosed, NothingToUndo."""
    found, _ = queries.deal_to_change(actor, deal_id)
    _require_read(actor, found, expected, found.facts)
    _require_part(actor, found)
    last = queries.state(actor, deal_id, found.version)
    before = queries.state(actor, deal_id, found.version - 1)
    if last is None or before is None or not may_undo(last, before, actor.organization_id):
        raise NothingToUndo
    fields = [one.field for one in differences(before.facts, last.facts)]
    _keep(found, DealAct.UNDONE, db.now(), **{name: getattr(before, name) for name in _UNDONE})
    record(actor, "deal.undone", found, fields=fields)
    return queries.deal(actor, deal_id)


def log_event(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> DealEvent:
    """Log what the actor's side did for a deal, whether it moves it or not. Raises DealClosed, Invalid."""
    found, _ = queries.deal_to_change(actor, deal_id)
    if found.stage in CLOSED:
        raise DealClosed(stage=found.stage.value)
    if given["happened_at"] > db.now():
        raise Invalid.field("happened_at", "This has not happened yet.")
    first, second = found.sides()
    made = DealEvent(
        id=new_id(),
        partnership_id=found.partnership_id,
        first_organization_id=first,
        second_organization_id=second,
        deal_id=found.id,
        organization_id=actor.organization_id,
        kind=given["kind"],
        happened_at=given["happened_at"],
    )
    db.session().add(made)
    db.session().flush()
    record(actor, "deal.logged", found, kind=made.kind.value)
    return queries.event(actor, made.id)


def _require_part(actor: Actor, found: Deal) -> None:
    if found.party_of(actor.organization_id) not in stages.MOVERS[found.involvement]:
        raise NotInvolved(involvement=found.involvement.value)
    if found.stage in CLOSED:
        raise DealClosed(stage=found.stage.value)


def _require_read(actor: Actor, found: Deal, expected: str | None, wanted: Facts) -> None:
    """Refuse what was based on another state than stands, with that state, what stands, and what was sent."""
    try:
        versions.require(expected, found.version_tag)
    except Stale as refusal:
        read = queries.state_read(actor, found, expected or "")
        told = compared(read.facts if read else None, found.facts, wanted)
        raise DealChanged(version=found.version_tag, fields=told) from refusal


def _keep(found: Deal, act: DealAct, happened_at: datetime, **columns: Any) -> None:
    """Bring a deal into its next state, in one statement: each is kept."""
    for name, value in {**columns, "act": act, "happened_at": happened_at}.items():
        setattr(found, name, value)
    db.session().flush()


def _verb(after: Stage) -> str:
    return {Stage.CLOSED_WON: "won", Stage.CLOSED_LOST: "lost"}.get(after, "moved")
