"""Reading where an organization's cards may be shown, and for whom a card's link acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from partnercrm.identity.models import Organization
from partnercrm.identity.scopes import Role, scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Embedding:
    """Where an organization's cards may be shown, as it stands."""

    organization_id: UUID
    origins: Sequence[str]
    version: int

    @property
    def version_tag(self) -> str:
        """The version of what was said, as an ETag names it."""
        return f"{self.organization_id.hex}.{self.version}"


class CardHolder(NamedTuple):
    """For whom a card's link acts, as recognised now, and where it may be shown."""

    actor: Actor
    origins: Sequence[str]


def embedding(actor: Actor, *, lock: bool = False) -> Embedding:
    """Return where the organization's cards may be shown."""
    rows = select(Organization).where(Organization.id == actor.organization_id)
    fresh = (rows.with_for_update() if lock else rows).execution_options(populate_existing=True)
    found = db.session().scalars(fresh).one()
    return Embedding(found.id, found.embedding_origins, found.embedding_version)


def card_holder(organization_id: UUID, seller_id: UUID, token_id: UUID) -> CardHolder | None:
    """Return for whom a card's link acts; None once either who asked or the seller may not any more.

    Precedes the tenant.
    """
    asked = {"company": organization_id, "seller": seller_id, "through": token_id}
    found = db.session().execute(text("SELECT * FROM auth_card(:company, :seller, :through)"), asked).one_or_none()
    if found is None:
        return None
    scopes = scopes_of(found.roles)
    reads = "accounts:read" in scopes & scopes_of(found.asked_as)
    if not reads or not (Role.INTEGRATION in found.asked_as or found.asked_by == seller_id):
        return None
    actor = Actor(
        organization_id=organization_id,
        user_id=seller_id,
        name=found.name,
        roles=frozenset(found.roles),
        scopes=scopes,
        partnership_ids=frozenset(found.partnership_ids),
        locale=found.locale,
    )
    return CardHolder(actor, found.origins)
