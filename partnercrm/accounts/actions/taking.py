"""Taking a side's lists for an epoch: which accounts stand on them, and which are new or became other companies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, case, cast, delete, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import ARRAY, Insert, aggregate_order_by, insert

from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.models import Account, AccountDomain, AccountNumber
from partnercrm.accounts.models.mapping import Mapping, MappingListing, MappingSide, MappingTake
from partnercrm.accounts.probing import ripe_at
from partnercrm.accounts.queries import populations
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id

_SIDE = ("organization_id", "partnership_id", "account_id")


def take_first_lists(actor: Actor, partnership_id: UUID, now: datetime) -> None:
    """Take the first lists of what was just agreed, though no epoch is due yet: what comes later is known to be new."""
    sides = _sides(actor, partnership_id)
    fresh = [side for side in sides if side.listed_digest is None]
    present = _present(actor, sides)
    if present is None or not fresh:
        return
    entered = _entered(actor, partnership_id, present, [side.mapping_id for side in fresh], now, are_all=False)
    db.session().connection().execute(entered.on_conflict_do_nothing())
    for side in fresh:
        _note(side)


def take_lists(actor: Actor, partnership_id: UUID, now: datetime) -> None:
    """Take the lists of the actor's side as they are now.

    What stands on a mapping's first list is ripe at once: it was there when both agreed. What comes later, and what
    becomes another company, ripens first.
    """
    sides = _sides(actor, partnership_id)
    fresh = [side.mapping_id for side in sides if side.listed_digest is None]
    present = _present(actor, sides)
    went = _leave(actor, partnership_id, present)
    _enter(actor, partnership_id, present, fresh, now)
    for side in sides:
        _note(side)
    own = _own(actor, partnership_id)
    rows = select(func.count(), func.count().filter(MappingListing.ripe_at == ripe_at(now))).where(*own)
    listed, came = db.session().execute(rows).one()
    take = MappingTake(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=partnership_id,
        listed=listed,
        came=came,
        went=went,
        taken_at=now,
    )
    db.session().add(take)
    db.session().flush()


def _sides(actor: Actor, partnership_id: UUID) -> Sequence[MappingSide]:
    rows = select(MappingSide).join(Mapping, Mapping.id == MappingSide.mapping_id)
    rows = rows.where(
        MappingSide.organization_id == actor.organization_id,
        Mapping.partnership_id == partnership_id,
        Mapping.status == MappingStatus.AGREED,
    )
    return db.session().scalars(rows.order_by(MappingSide.mapping_id)).all()


def _present(actor: Actor, sides: Sequence[MappingSide]) -> Select[Any] | None:
    """Return every account on a list now, with the mappings it is listed for; None where there is no list."""
    lists = []
    for side in sides:
        ids = populations.members(actor, populations.population(actor, side.population_id)).subquery()
        lists.append(select(next(iter(ids.c)).label("account_id"), literal(side.mapping_id).label("mapping_id")))
    if not lists:
        return None
    each = union_all(*lists).subquery()
    return select(each.c.account_id, func.array_agg(each.c.mapping_id).label("mapping_ids")).group_by(each.c.account_id)


def _own(actor: Actor, partnership_id: UUID) -> tuple[Any, Any]:
    mine = MappingListing.organization_id == actor.organization_id
    return mine, MappingListing.partnership_id == partnership_id


def _leave(actor: Actor, partnership_id: UUID, present: Select[Any] | None) -> int:
    gone = delete(MappingListing).where(*_own(actor, partnership_id))
    if present is not None:
        gone = gone.where(MappingListing.account_id.not_in(select(present.subquery().c.account_id)))
    return db.session().connection().execute(gone).rowcount


def _enter(
    actor: Actor, partnership_id: UUID, present: Select[Any] | None, fresh: Sequence[UUID], now: datetime
) -> None:
    if present is None:
        return
    entered = _entered(actor, partnership_id, present, fresh, now)
    is_same = MappingListing.fingerprint == entered.excluded.fingerprint
    kept = {
        "mapping_ids": entered.excluded.mapping_ids,
        "fingerprint": entered.excluded.fingerprint,
        "ripe_at": case((is_same, MappingListing.ripe_at), else_=literal(ripe_at(now))),
    }
    db.session().connection().execute(entered.on_conflict_do_update(index_elements=_SIDE, set_=kept))


def _entered(
    actor: Actor,
    partnership_id: UUID,
    present: Select[Any],
    fresh: Sequence[UUID],
    now: datetime,
    *,
    are_all: bool = True,
) -> Insert:
    """Return what enters the accounts on lists, or those on fresh lists alone; what is on a fresh list is ripe now."""
    listed = present.subquery()
    is_fresh = listed.c.mapping_ids.op("&&")(cast(list(fresh), ARRAY(Uuid())))
    rows = select(
        Account.organization_id,
        literal(partnership_id),
        Account.id,
        listed.c.mapping_ids,
        _fingerprint(),
        case((is_fresh, literal(now)), else_=literal(ripe_at(now))),
    ).join(listed, listed.c.account_id == Account.id)
    names = [*_SIDE, "mapping_ids", "fingerprint", "ripe_at"]
    rows = rows.where(Account.organization_id == actor.organization_id)
    return insert(MappingListing).from_select(names, rows if are_all else rows.where(is_fresh))


def _fingerprint() -> Any:
    """Return what changes when an account becomes another company: whatever a comparison looks at."""
    domains = _joined(AccountDomain, AccountDomain.domain)
    numbers = _joined(AccountNumber, func.concat(AccountNumber.scheme, AccountNumber.country, AccountNumber.number))
    plain = (func.coalesce(column, "") for column in (Account.country, Account.city, Account.postal_code))
    written = func.concat_ws("|", func.lower(Account.name), *plain, domains, numbers)
    return func.sha256(func.convert_to(written, "UTF8"))


def _joined(model: Any, value: Any) -> Any:
    rows = select(func.coalesce(func.string_agg(value, aggregate_order_by(literal(","), value)), "")).where(
        model.organization_id == Account.organization_id, model.account_id == Account.id
    )
    return rows.correlate(Account).scalar_subquery()


def _note(side: MappingSide) -> None:
    """Note what the list of a mapping is now, so that another one is known from it."""
    each = func.concat(MappingListing.account_id, func.encode(MappingListing.fingerprint, "hex"))
    listed = func.string_agg(each, aggregate_order_by(literal(","), MappingListing.account_id))
    digest = (
        select(func.sha256(func.convert_to(func.coalesce(listed, ""), "UTF8")))
        .where(
            MappingListing.organization_id == side.organization_id,
            MappingListing.partnership_id == side.partnership_id,
            MappingListing.mapping_ids.contains([side.mapping_id]),
        )
        .scalar_subquery()
    )
    own = MappingSide.organization_id == side.organization_id, MappingSide.mapping_id == side.mapping_id
    db.session().connection().execute(update(MappingSide).where(*own).values(listed_digest=digest))
