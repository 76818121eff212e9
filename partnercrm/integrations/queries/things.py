"""The things that files brought in, or would: what they are called, and whether they say already what a row says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, selectinload

from partnercrm.accounts.models import Account
from partnercrm.integrations.contents import ImportKind
from partnercrm.integrations.models import FileImport
from partnercrm.integrations.reading import staged
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.models import Lead

KEY: Final = "external_id"
THINGS: Final[Mapping[ImportKind, type[Lead | Account]]] = {ImportKind.LEADS: Lead, ImportKind.ACCOUNTS: Account}
NAMES: Final[Mapping[ImportKind, InstrumentedAttribute[str]]] = {
    ImportKind.LEADS: Lead.company_name,
    ImportKind.ACCOUNTS: Account.name,
}
MORE: Final[Mapping[ImportKind, InstrumentedAttribute[Any]]] = {
    ImportKind.LEADS: Lead.need,
    ImportKind.ACCOUNTS: Account.city,
}


class Thing(NamedTuple):
    """How a lead or an account is told from others."""

    name: str
    more: str | None
    external_id: str


class Held(Protocol):
    """A thing that is here already."""

    def says(self, field: str, value: str) -> bool:
        """Tell whether a row with this value, as it is staged, would leave the field as it is."""


@dataclass(frozen=True, slots=True)
class _HeldLead:
    lead: Lead

    def says(self, field: str, value: str) -> bool:
        return staged(getattr(self.lead, field)) == value


@dataclass(frozen=True, slots=True)
class _HeldAccount:
    account: Account
    parent_key: str | None

    def says(self, field: str, value: str) -> bool:
        """Tell it; under the key of an account that was merged into another nothing changes."""
        if self.account.merged_into_id is not None:
            return True
        if field == "parent_external_id":
            return self.parent_key == value
        if field == "numbers":
            held = {f"{one.scheme}:{one.country or ''}:{one.number}" for one in self.account.numbers}
            return held.issuperset(value.strip("{}").split(","))
        return staged(getattr(self.account, field)) == value


def known(actor: Actor, of: FileImport, keys: Sequence[str]) -> Mapping[str, Held]:
    """Return what an import's source knows by these keys and is here already."""
    return _leads(actor, of, keys) if of.kind is ImportKind.LEADS else _accounts(actor, of, keys)


def _leads(actor: Actor, of: FileImport, keys: Sequence[str]) -> Mapping[str, Held]:
    rows = select(Lead).where(*_named(Lead, actor, of, keys))
    return {str(lead.external_id): _HeldLead(lead) for lead in db.session().scalars(rows)}


def _accounts(actor: Actor, of: FileImport, keys: Sequence[str]) -> Mapping[str, Held]:
    above = aliased(Account)
    is_above = (above.organization_id == Account.organization_id) & (above.id == Account.parent_id)
    rows = select(Account, above.external_id).outerjoin(above, is_above & (above.connector == of.connector))
    whole = selectinload(Account.domains), selectinload(Account.numbers)
    found = db.session().execute(rows.where(*_named(Account, actor, of, keys)).options(*whole))
    return {str(account.external_id): _HeldAccount(account, parent_key) for account, parent_key in found}


def _named(
    thing: type[Lead | Account], actor: Actor, of: FileImport, keys: Sequence[str]
) -> tuple[ColumnElement[bool], ...]:
    mine = thing.organization_id == actor.organization_id
    return mine, thing.connector == of.connector, thing.external_id.in_(keys)
