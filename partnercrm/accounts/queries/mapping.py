"""Reading mappings: what is proposed and agreed, what the last epoch tells, freezes, and one's own side's budget."""

from collections import defaultdict
from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select

from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.models.mapping import (
    Mapping,
    MappingCell,
    MappingEpoch,
    MappingFreeze,
    MappingLift,
    MappingSide,
    MappingTake,
)
from partnercrm.accounts.probing import PERIOD, comparisons_left
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web.paging import Page, page

SORTS = {"proposed_at": Mapping.proposed_at}
EPOCH_SORTS = {"number": MappingEpoch.number}
_SIDES: Final = 2


class CellSeen(NamedTuple):
    """What the last epoch tells of an agreed mapping; no cell where it has not been compared yet."""

    mapping: Mapping
    cell: MappingCell | None


@dataclass(frozen=True, slots=True)
class FreezeSeen:
    """What stopped a partnership's mapping, and which sides have lifted it."""

    freeze: MappingFreeze
    lifted_by: Sequence[UUID]

    @property
    def id(self) -> UUID:
        """The freeze's id."""
        return self.freeze.id

    @property
    def partnership_id(self) -> UUID:
        """The partnership whose mapping it stopped."""
        return self.freeze.partnership_id


class Matrix(NamedTuple):
    """What both sides read of all that they agreed on, from the same rows in the same order."""

    partnership_id: UUID
    first_organization_id: UUID
    second_organization_id: UUID
    epoch: MappingEpoch | None
    cells: Sequence[CellSeen]
    freezes: Sequence[FreezeSeen]


class Budget(NamedTuple):
    """How many changed lists of the reader's side may still be compared for counts, and what came and went lately."""

    partnership_id: UUID
    comparisons_left: int
    came: int
    went: int


def mappings_seen_by(actor: Actor) -> Select[Mapping]:
    """Return the mappings in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Mapping).where(
        or_(Mapping.organization_id == mine, Mapping.other_id == mine),
        partnerships.is_open_to(actor, Mapping.partnership_id),
    )


def freezes_seen_by(actor: Actor) -> Select[MappingFreeze]:
    """Return the freezes in the living partnerships that the actor is a member of."""
    return _of_both(actor, MappingFreeze)


def epochs_seen_by(actor: Actor) -> Select[MappingEpoch]:
    """Return the epochs of the living partnerships that the actor is a member of."""
    return _of_both(actor, MappingEpoch)


def cells_seen_by(actor: Actor) -> Select[MappingCell]:
    """Return what epochs told in the living partnerships that the actor is a member of."""
    return _of_both(actor, MappingCell)


def _of_both(actor: Actor, model: Any) -> Select[Any]:
    mine = actor.organization_id
    return select(model).where(
        or_(model.first_organization_id == mine, model.second_organization_id == mine),
        partnerships.is_open_to(actor, model.partnership_id),
    )


def mappings(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of the mappings."""
    rows = mappings_seen_by(actor)
    for name in ("partnership_id", "status"):
        if name in given:
            rows = rows.where(getattr(Mapping, name) == given[name])
    return page(actor, rows, given, sorts=SORTS, key=Mapping.id)


def mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Return one mapping. Raises NotFound."""
    found: Mapping = _one(mappings_seen_by(actor).where(Mapping.id == mapping_id))
    return found


def mapping_to_step(actor: Actor, mapping_id: UUID) -> tuple[Mapping, Partnership]:
    """Return one mapping, locked, and its partnership, which cannot end meanwhile. Raises NotFound."""
    rows = mappings_seen_by(actor).where(Mapping.id == mapping_id)
    partnership = partnerships.held_partnership(actor, _one(rows).partnership_id)
    return _one(rows.with_for_update(of=Mapping)), partnership


def own_side(actor: Actor, mapping_id: UUID) -> MappingSide | None:
    """Return what the actor's own side brings to a mapping."""
    rows = select(MappingSide).where(
        MappingSide.organization_id == actor.organization_id, MappingSide.mapping_id == mapping_id
    )
    return db.session().scalars(rows).one_or_none()


def matrix(actor: Actor, partnership_id: UUID) -> Matrix:
    """Return what the last epoch tells of all that is agreed in a partnership. Raises NotFound."""
    partnership = partnerships.joined_partnership(actor, partnership_id, loading=partnerships.SIDES)
    first, second = sorted(partnership.sides())
    agreed = mappings_seen_by(actor).where(
        Mapping.partnership_id == partnership_id, Mapping.status == MappingStatus.AGREED
    )
    found = db.session().scalars(agreed.order_by(Mapping.proposed_at, Mapping.id)).all()
    told = latest_epoch(actor, partnership_id, is_frozen=False)
    rows = cells_seen_by(actor).where(MappingCell.epoch_id == told.id) if told else None
    cells = {cell.mapping_id: cell for cell in db.session().scalars(rows)} if rows is not None else {}
    seen = [CellSeen(one, cells.get(one.id)) for one in found]
    return Matrix(partnership_id, first, second, told, seen, standing_freezes(actor, partnership_id))


def latest_epoch(actor: Actor, partnership_id: UUID, *, is_frozen: bool | None = None) -> MappingEpoch | None:
    """Return the last epoch of a partnership; of those alone that told something, or that froze, where asked."""
    rows = epochs_seen_by(actor).where(MappingEpoch.partnership_id == partnership_id)
    if is_frozen is not None:
        rows = rows.where(MappingEpoch.is_frozen.is_(is_frozen))
    return db.session().scalars(rows.order_by(MappingEpoch.number.desc()).limit(1)).one_or_none()


def epochs(actor: Actor, partnership_id: UUID, given: Values[str, Any]) -> Page:
    """Return a page of what was run in a partnership, by the record for both. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    rows = epochs_seen_by(actor).where(MappingEpoch.partnership_id == partnership_id)
    given = {**given, "partnership_id": partnership_id}
    return page(actor, rows, given, sorts=EPOCH_SORTS, key=MappingEpoch.id)


def freeze(actor: Actor, freeze_id: UUID) -> FreezeSeen:
    """Return one freeze. Raises NotFound."""
    found = _one(freezes_seen_by(actor).where(MappingFreeze.id == freeze_id))
    return FreezeSeen(found, _lifts([found.id])[found.id])


def standing_freezes(actor: Actor, partnership_id: UUID) -> list[FreezeSeen]:
    """Return what not both sides have lifted yet, oldest first."""
    rows = freezes_seen_by(actor).where(MappingFreeze.partnership_id == partnership_id)
    found = db.session().scalars(rows.order_by(MappingFreeze.frozen_at, MappingFreeze.id)).all()
    lifts = _lifts([one.id for one in found])
    return [FreezeSeen(one, lifts[one.id]) for one in found if len(lifts[one.id]) < len(one.sides())]


def _lifts(freeze_ids: Sequence[UUID]) -> Values[UUID, list[UUID]]:
    rows = select(MappingLift).where(MappingLift.freeze_id.in_(freeze_ids)).order_by(MappingLift.organization_id)
    by_freeze = defaultdict[UUID, list[UUID]](list)
    for lift in db.session().scalars(rows) if freeze_ids else ():
        by_freeze[lift.freeze_id].append(lift.organization_id)
    return by_freeze


def budget(actor: Actor, partnership_id: UUID) -> Budget:
    """Return what the actor's own side has left in a partnership. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    now = db.now()
    rows = select(MappingTake.taken_at, MappingTake.compared, MappingTake.came, MappingTake.went).where(
        MappingTake.organization_id == actor.organization_id,
        MappingTake.partnership_id == partnership_id,
        MappingTake.taken_at > now - PERIOD,
    )
    takes = db.session().execute(rows).all()
    spent = [moment for moment, compared, _, _ in takes for _ in range(compared)]
    came, went = sum(take.came for take in takes), sum(take.went for take in takes)
    return Budget(partnership_id, comparisons_left(spent, now), came, went)


def is_due(actor: Actor, partnership_id: UUID, since: datetime) -> bool:
    """Tell, for the clock, whether a partnership has something agreed, nothing frozen, and nothing told since then."""
    own = or_(Mapping.organization_id == actor.organization_id, Mapping.other_id == actor.organization_id)
    agreed = exists().where(own, Mapping.partnership_id == partnership_id, Mapping.status == MappingStatus.AGREED)
    later = exists().where(
        MappingEpoch.partnership_id == partnership_id, MappingEpoch.ran_at > since, MappingEpoch.is_frozen.is_(False)
    )
    lifts = select(func.count()).where(MappingLift.freeze_id == MappingFreeze.id).scalar_subquery()
    frozen = exists().where(MappingFreeze.partnership_id == partnership_id, lifts < _SIDES)
    return bool(db.session().execute(select(agreed & ~later & ~frozen)).scalar_one())


def _one(rows: Select[Any]) -> Any:
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
