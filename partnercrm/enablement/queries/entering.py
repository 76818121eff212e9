"""Reading what many results are entered against: people by address, items with their versions, earlier results."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from partnercrm.enablement.items import ItemKind
from partnercrm.enablement.models import ItemResult, ItemVersion
from partnercrm.enablement.queries import items_seen_by
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


class ItemKnown(NamedTuple):
    """An item: what it is called now, whether it is in use, and since when it was in which version."""

    id: UUID
    kind: ItemKind
    title: str
    is_in_use: bool
    versions: Sequence[tuple[datetime, int]]

    def version_at(self, moment: datetime) -> int:
        """Return the version in force at a moment; the first one for what was done before it."""
        return max((version for since, version in self.versions if since <= moment), default=1)


def people_called(actor: Actor, addresses: Collection[str]) -> Mapping[str, UUID]:
    """Return the organization's people with these addresses, by address in small letters."""
    rows = identity.users_seen_by(actor).where(User.email.in_({one.lower() for one in addresses}))
    return {one.email.lower(): one.id for one in db.session().scalars(rows)}


def items_known(actor: Actor) -> Sequence[ItemKnown]:
    """Return the items of the actor's side, in all its programmes."""
    items = db.session().scalars(items_seen_by(actor)).all()
    rows = select(ItemVersion).where(
        ItemVersion.organization_id == actor.organization_id, ItemVersion.item_id.in_([one.id for one in items])
    )
    versions: dict[UUID, list[ItemVersion]] = {}
    for one in db.session().scalars(rows.order_by(ItemVersion.version)):
        versions.setdefault(one.item_id, []).append(one)
    return [
        ItemKnown(
            one.id,
            one.kind,
            versions[one.id][-1].title,
            one.archived_at is None,
            [(said.recorded_at, said.version) for said in versions[one.id]],
        )
        for one in items
    ]


def results_under(actor: Actor, connector: str, keys: Collection[str]) -> Mapping[str, ItemResult]:
    """Return the results that stand under these keys of a learning system."""
    rows = select(ItemResult).where(
        ItemResult.organization_id == actor.organization_id,
        ItemResult.connector == connector,
        ItemResult.external_id.in_(keys),
    )
    return {one.external_id: one for one in db.session().scalars(rows) if one.external_id is not None}
