"""Keeping one's own book of a deal; the other side sees nothing of it, not even that there is one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from partnercrm.deals.models.books import DealBook
from partnercrm.deals.queries import books, selling
from partnercrm.deals.queries.books import Book
from partnercrm.kernel import db, versions
from partnercrm.kernel.actor import Actor


def keep_book(actor: Actor, deal_id: UUID, given: Mapping[str, Any], expected: str | None) -> Book:
    """Keep stage, forecast, value, price and notes for the actor's side alone. Raises Stale.

    Also of a deal that is won or lost, and of one that the side only knows of.
    """
    found, _ = selling.deal_to_change(actor, deal_id)
    versions.require(expected, books.book(actor, deal_id).version_tag)
    row = books.kept(actor, deal_id)
    if row is None:
        row = DealBook(organization_id=actor.organization_id, deal_id=found.id, partnership_id=found.partnership_id)
        db.session().add(row)
    for name in ("own_stage", "forecast", "notes"):
        if name in given:
            setattr(row, name, given[name])
    for name in ("value", "price"):
        if name in given:
            minor, currency = given[name] or (None, None)
            setattr(row, f"{name}_minor", minor)
            setattr(row, f"{name}_currency", currency)
    db.session().flush()
    return books.book(actor, deal_id)
