"""Running an epoch: both sides' lists are taken, compared outside of any transaction, and told in a single one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import Uuid

from partnercrm.accounts.actions import yeses
from partnercrm.accounts.actions.candidates import suggest
from partnercrm.accounts.actions.seeding import renew_seeds
from partnercrm.accounts.actions.taking import take_first_lists, take_lists
from partnercrm.accounts.candidates import outcomes, read_again, same
from partnercrm.accounts.comparing import Outcome, compare, may_be_asked
from partnercrm.accounts.engine import Engine
from partnercrm.accounts.models.mapping import MappingEpoch
from partnercrm.accounts.probing import EPOCH, KEPT, roughly
from partnercrm.accounts.queries import candidates, matching
from partnercrm.accounts.queries import mapping as queries
from partnercrm.accounts.queries.matching import Lists
from partnercrm.activity.actions import record
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships


def run_due() -> None:
    """Let every partnership be compared whose last epoch is long enough ago; each in a job of its own."""
    with db.transaction(None, read_only=True):
        waiting = matching.due(db.now() - EPOCH)
    for organization_id, partnership_id in waiting:
        with db.transaction(Actor.system(organization_id)):
            jobs.defer("accounts.run_epoch", organization_id, partnership_id=partnership_id)


def forget_old() -> None:
    """Forget what was compared longer ago than anything still depends on."""
    with db.transaction(None):
        matching.forget(db.now() - KEPT)


def run_epoch(actor: Actor, partnership_id: UUID, engine: Engine) -> None:
    """Compare what a partnership agreed on, if it is due; both sides read what comes of it at the same moment.

    A run that was killed left nothing but the lists it took; one that comes a second time finds nothing due. The lists
    of what was agreed meanwhile are taken at once: who enters guesses before the next epoch enters them too late.
    """
    with db.transaction(actor, read_only=True):
        now = db.now()
        is_due = _is_due(actor, partnership_id, now)
        one, other = sorted(partnerships.partnership(actor, partnership_id, loading=()).sides())
    if not is_due:
        for side in (one, other):
            with db.transaction(hand := Actor.system(side)):
                take_first_lists(hand, partnership_id, now)
        return
    for side in (one, other):
        hand = Actor.system(side)
        with db.transaction(hand):
            take_lists(hand, partnership_id, now)
            renew_seeds(hand, partnership_id, now)
    with db.transaction(actor, read_only=True):
        lists, asked = matching.both_lists(partnership_id, (one, other), now), candidates.asked(partnership_id)
    found = engine.pairs(*lists.companies, lambda percent: None, lambda: False)
    pairs = read_again(found, outcomes(asked))
    one_company = same(pairs, asked)
    outcome = compare(lists.tiers, lists.brought, one_company, lists.before, epoch=lists.epoch, secret=lists.secret)
    with db.transaction(actor):
        if _tell(actor, lists, outcome, now):
            if not outcome.is_frozen:
                askable = [pair for pair in pairs if may_be_asked(pair[:2], lists.tiers, lists.brought)]
                suggest(partnership_id, askable, asked, outcome.accounts())
            yeses.hear_again(actor, partnership_id)


def _is_due(actor: Actor, partnership_id: UUID, now: datetime) -> bool:
    found = partnerships.partnership(actor, partnership_id, loading=())
    return not (found.has_ended or found.is_paused) and queries.is_due(actor, partnership_id, now - EPOCH)


def _tell(actor: Actor, lists: Lists, outcome: Outcome, now: datetime) -> bool:
    """Write what came of an epoch, and tell whether it was written: not where another run was faster.

    What was stopped meanwhile is left out.
    """
    joints = [
        (joint.id or new_id(), mapping_id, joint) for mapping_id, cell in outcome.cells.items() for joint in cell.joints
    ]
    members = [
        (cluster_id, side, account_id)
        for cluster_id, _, joint in joints
        for side, accounts in zip(lists.sides, (joint.first, joint.second), strict=True)
        for account_id in sorted(accounts)
    ]
    step = func.matcher_tell(
        lists.partnership_id,
        now,
        cast(_written(lists, outcome), JSONB),
        *(cast(ids, ARRAY(Uuid())) for ids in _columns(joints, 2)),
        *(cast(ids, ARRAY(Uuid())) for ids in _columns(members, 3)),
    )
    is_told = bool(db.session().execute(select(step)).scalar_one())
    if is_told:
        _record(actor, lists)
    return is_told


def _columns(rows: list[Any], number: int) -> list[list[UUID]]:
    return [[row[place] for row in rows] for place in range(number)]


def _written(lists: Lists, outcome: Outcome) -> dict[str, Any]:
    cells = outcome.cells.items()
    return {
        "epoch": lists.epoch,
        "listed": [
            roughly(len(companies) - len(side.fictitious))
            for companies, side in zip(lists.companies, lists.brought, strict=True)
        ],
        "changed": [roughly(number) for number in lists.changed],
        "freezes": [
            [str(side), wire.value] for side, wires in zip(lists.sides, outcome.tripped, strict=True) for wire in wires
        ],
        "cells": [[str(one), *cell.band, cell.new, cell.gone, *cell.told] for one, cell in cells],
        "compared": _compared(lists, outcome),
        "spent": _of_sides(lists, outcome.spent),
    }


def _compared(lists: Lists, outcome: Outcome) -> list[list[str]]:
    """Return whose lists were compared now: the changed ones that were spent on, and those of new mappings."""
    new = frozenset(one for one in outcome.cells if one not in lists.before)
    return _of_sides(lists, (outcome.spent[0] | new, outcome.spent[1] | new))


def _of_sides(lists: Lists, mappings: tuple[frozenset[UUID], frozenset[UUID]]) -> list[list[str]]:
    return [[str(side), str(one)] for side, ids in zip(lists.sides, mappings, strict=True) for one in sorted(ids)]


def _record(actor: Actor, lists: Lists) -> None:
    rows = select(MappingEpoch).where(MappingEpoch.partnership_id == lists.partnership_id)
    epoch = db.session().scalars(rows.order_by(MappingEpoch.number.desc()).limit(1)).one()
    record(actor, "mapping.frozen" if epoch.is_frozen else "mapping.compared", epoch)
