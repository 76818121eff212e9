"""What the worker is handed of both sides for an epoch: the steps of the matcher's role, and what they return read."""

from collections import defaultdict
from collections.abc import Mapping as Values
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.accounts.comparing import Before, Brought, Joint
from partnercrm.accounts.matching import Company
from partnercrm.accounts.numbers import Number, Scheme
from partnercrm.accounts.probing import PERIOD, Told, Tripwire, comparisons_left, resting
from partnercrm.accounts.tiers import MappingTier
from partnercrm.kernel import db


class Lists(NamedTuple):
    """Both sides' lists, ordered by organization, and what was told of them until now."""

    partnership_id: UUID
    sides: tuple[UUID, UUID]
    companies: tuple[Sequence[Company], Sequence[Company]]
    brought: tuple[Brought, Brought]
    tiers: Values[UUID, MappingTier]
    before: Values[UUID, Before]
    epoch: int
    secret: bytes
    changed: tuple[int, int]


def due(before: datetime) -> list[tuple[UUID, UUID]]:
    """Return one organization and the partnership of every mapping that was not compared since; for nobody's hand."""
    found = select(func.sweep_mappings(before).table_valued("organization_id", "partnership_id"))
    return [(row.organization_id, row.partnership_id) for row in db.session().execute(found)]


def forget(before: datetime) -> None:
    """Forget what was compared before a moment, whoever's it is; for nobody's hand."""
    db.session().execute(select(func.sweep_epochs(before)))


def both_lists(partnership_id: UUID, sides: tuple[UUID, UUID], now: datetime) -> Lists:
    """Return what both sides bring to an epoch, taken before."""
    said: dict[str, Any] = db.session().execute(select(func.matcher_before(partnership_id))).scalar_one()
    columns = ("organization_id", "account_id", "name", "domains", "numbers", "country", "city", "postal_code")
    listed = func.matcher_lists(partnership_id, now).table_valued(*columns, "mapping_ids", "is_ripe", "is_fictitious")
    rows = db.session().execute(select(listed)).all()
    of_sides = [[row for row in rows if row.organization_id == side] for side in sides]
    first, second = (_brought(side, own, said, now) for side, own in zip(sides, of_sides, strict=True))
    one, other = ([_company(row) for row in own] for own in of_sides)
    takes = [[take for take in said["takes"] if UUID(take[0]) == side] for side in sides]
    return Lists(
        partnership_id,
        sides,
        (one, other),
        (first, second),
        {UUID(mapping_id): MappingTier(tier) for mapping_id, tier in said["tiers"].items()},
        _before(said),
        said["epoch"],
        bytes.fromhex(said["secret"]),
        (_changed(takes[0]), _changed(takes[1])),
    )


def _changed(takes: Sequence[Sequence[Any]]) -> int:
    return sum(takes[-1][2:4]) if takes else 0


def _company(row: Any) -> Company:
    return Company(
        row.account_id,
        row.name,
        frozenset(row.domains),
        frozenset(_number(written) for written in row.numbers),
        row.country,
        row.city,
        row.postal_code,
    )


def _number(written: str) -> Number:
    scheme, country, number = written.split("|", 2)
    return Number(Scheme(scheme), country or None, number)


def _brought(side: UUID, rows: Sequence[Any], said: Values[str, Any], now: datetime) -> Brought:
    lists = defaultdict[UUID, set[UUID]](set)
    for row in rows:
        for mapping_id in row.mapping_ids:
            lists[mapping_id].add(row.account_id)
    takes = [take for take in said["takes"] if UUID(take[0]) == side]
    lately = [(moment, take) for take in takes if (moment := datetime.fromisoformat(take[1])) > now - PERIOD]
    lifted = [(Tripwire(wire), datetime.fromisoformat(at)) for about, wire, at in said["lifted"] if UUID(about) == side]
    return Brought(
        lists={mapping_id: frozenset(accounts) for mapping_id, accounts in lists.items()},
        changed=frozenset(UUID(mapping_id) for owner, mapping_id in said["changed"] if UUID(owner) == side),
        left=comparisons_left((moment for moment, take in lately for _ in range(take[4])), now),
        unripe=frozenset(row.account_id for row in rows if not row.is_ripe),
        fictitious=frozenset(row.account_id for row in rows if row.is_fictitious),
        changes=sum(take[2] for _, take in lately),
        resting=resting(lifted, now),
    )


def _before(said: Values[str, Any]) -> dict[UUID, Before]:
    joints = defaultdict[UUID, list[Joint]](list)
    for cluster_id, mapping_id, since, *sides in said["joints"]:
        first, second = (frozenset(map(UUID, accounts)) for accounts in sides)
        joints[UUID(mapping_id)].append(Joint(UUID(cluster_id), first, second, since))
    told = {UUID(mapping_id): Told(*written) for mapping_id, written in said["told"].items()}
    return {mapping_id: Before(told.get(mapping_id), joints[mapping_id]) for mapping_id in {*told, *joints}}
