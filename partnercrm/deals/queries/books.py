"""Reading what one's own side keeps of a deal."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from partnercrm.deals.models.books import DealBook, Forecast
from partnercrm.deals.queries import registration_side_of, selling
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.partnerships.queries import is_open_to


class Book(NamedTuple):
    """What one's own side keeps of a deal; its value is what was registered until another is kept."""

    deal_id: UUID
    partnership_id: UUID
    own_stage: str | None
    forecast: Forecast | None
    value: Money | None
    price: Money | None
    notes: str | None
    version: int

    @property
    def id(self) -> UUID:
        """The deal's id."""
        return self.deal_id

    @property
    def version_tag(self) -> str:
        """The book's version, as an ETag names it."""
        return f"{self.deal_id.hex}.book.{self.version}"


def deal_books_seen_by(actor: Actor) -> Select[DealBook]:
    """Return what the actor's organization keeps of deals in partnerships that the actor is a member of."""
    return select(DealBook).where(
        DealBook.organization_id == actor.organization_id, is_open_to(actor, DealBook.partnership_id)
    )


def kept(actor: Actor, deal_id: UUID) -> DealBook | None:
    """Return the row in which the actor's organization keeps what it keeps of a deal, if it keeps anything."""
    rows = deal_books_seen_by(actor).where(DealBook.deal_id == deal_id)
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def book(actor: Actor, deal_id: UUID) -> Book:
    """Return what the actor's own side keeps of a deal. Raises NotFound."""
    seen = selling.deal(actor, deal_id)
    row = kept(actor, deal_id)
    value = _money(row.value_minor, row.value_currency) if row else None
    if value is None and (side := registration_side_of(actor, seen.registration_id)):
        value = Money(side.value_minor, seen.currency)
    if row is None:
        return Book(deal_id, seen.partnership_id, None, None, value, None, None, 0)
    price = _money(row.price_minor, row.price_currency)
    return Book(deal_id, seen.partnership_id, row.own_stage, row.forecast, value, price, row.notes, row.version)


def _money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)
