"""Leads, accounts, offers and overlaps for an export: pages of the lists that are shown, the oldest first."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from partnercrm.accounts import queries as own_accounts
from partnercrm.accounts.queries import overlaps as common
from partnercrm.activity import queries as activity
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries import exchange, own
from partnercrm.leads.queries.record import Record
from partnercrm.web.paging import Page

_MANY: Final = 500


def leads(actor: Actor, cursor: str | None) -> Page:
    """Return the leads after a cursor, as the actor's list shows them."""
    return own.leads(actor, _asked("created_at", cursor))


def accounts(actor: Actor, cursor: str | None) -> Page:
    """Return the accounts after a cursor, as the actor's list shows them."""
    return own_accounts.accounts(actor, _asked("created_at", cursor))


def offers(actor: Actor, cursor: str | None, *, direction: str | None) -> Page:
    """Return the offers after a cursor, as the actor's list shows them."""
    chosen = {"direction": direction} if direction else {}
    return exchange.offers(actor, _asked("offered_at", cursor) | chosen)


def overlaps(actor: Actor, cursor: str | None, *, mapping_id: UUID) -> Page:
    """Return the companies both sides have after a cursor, as both are told of them alike. Raises NotFound."""
    return common.told_of_both(actor, mapping_id, _asked("told_at", cursor))


def record(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Record:
    """Return the record behind the report that is asked for in the same way. Raises NotFound, Invalid."""
    return Record(actor, partnership_id, given.get("as_of"), given["currency"])


def heads(actor: Actor) -> dict[str, str]:
    """Return the header that goes out with an export: where the chains of the reader's partnerships end.

    Kept with the file, it shows later whether the record the file stands on was cut or written anew.
    """
    told = [f"{head.partnership_id}={head.length}:{head.head.hex()}" for head in activity.shared_heads(actor)]
    return {"Chain-Heads": ", ".join(told)} if told else {}


def _asked(order: str, cursor: str | None) -> dict[str, Any]:
    return {"sort": order, "limit": _MANY} | ({"cursor": cursor} if cursor else {})
