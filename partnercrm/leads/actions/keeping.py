"""Keeping one's own leads: enter, change, discard, and upsert by another system's key."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Update, Uuid, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from partnercrm.accounts import contacts
from partnercrm.activity.actions import record, record_all
from partnercrm.calendars import queries as calendars
from partnercrm.identity.queries import staying
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, Told
from partnercrm.kernel.ids import random_id
from partnercrm.leads.errors import LeadExistsAlready, LeadUnderSeal, LeadWasOffered, OwnerNotYours, RowsRefused
from partnercrm.leads.models import Lead
from partnercrm.leads.queries import own
from partnercrm.leads.queries.own import LeadState

FIELDS = (
    "company_name",
    "company_domain",
    "country",
    "industry",
    "size_band",
    "need",
    "contact_name",
    "contact_role",
    "contact_email",
    "contact_basis",
    "contact_channels",
    "contact_source",
    "contact_source_note",
    "contact_information",
    "contact_informed_on",
    "expected_close_on",
    "notes",
)


class Kept(NamedTuple):
    """A lead known by another system's key: whether it was entered just now, or stood there before."""

    id: UUID
    connector: str
    external_id: str
    entered: bool


def enter_lead(actor: Actor, given: Mapping[str, Any]) -> LeadState:
    """Enter a draft lead. Raises LeadExistsAlready, OwnerNotYours, Invalid."""
    _require_informed_by_now(actor, {"": given})
    lead = Lead(
        id=random_id(),
        organization_id=actor.organization_id,
        owner_id=_owner(actor, given),
        created_at=clock.now(),
        connector=given.get("connector"),
        external_id=given.get("external_id"),
        **_columns(given),
    )
    with db.unique("uq_leads_organization_id_connector_external_id", LeadExistsAlready):
        db.session().add(lead)
    record(actor, "lead.entered", lead)
    return LeadState(lead, None)


def edit_lead(actor: Actor, lead_id: UUID, given: Mapping[str, Any], expected: str) -> LeadState:
    """Change a lead's own fields; what was copied into an offer stays as it was offered. Raises Stale, Invalid."""
    own.lead(actor, lead_id)
    owner_id = _owner(actor, given) if "owner_id" in given else None
    state = own.lead(actor, lead_id, lock=True)
    versions.require(expected, state.version_tag)
    _require_informed_by_now(actor, {"": given})
    for name, value in _columns(given).items():
        setattr(state.lead, name, value)
    state.lead.owner_id = owner_id or state.lead.owner_id
    db.session().flush()
    record(actor, "lead.edited", state.lead)
    return state


def discard_lead(actor: Actor, lead_id: UUID, expected: str) -> None:
    """Remove a lead that was never offered. Raises LeadWasOffered, LeadUnderSeal, Stale."""
    state = own.lead(actor, lead_id, lock=True)
    versions.require(expected, state.version_tag)
    if own.was_ever_offered(state.lead):
        raise LeadWasOffered
    if state.is_under_seal:
        raise LeadUnderSeal
    db.session().delete(state.lead)
    db.session().flush()
    record(actor, "lead.discarded", state.lead)


def put_lead(actor: Actor, connector: str, external_id: str, given: Mapping[str, Any]) -> LeadState:
    """Enter the lead that another system knows by this key, or bring it up to date; safe to repeat. Raises Invalid."""
    _require_informed_by_now(actor, {"": given})
    [kept] = upsert(actor, [dict(given) | {"connector": connector, "external_id": external_id}])
    return own.lead(actor, kept.id)


def put_leads(actor: Actor, items: Sequence[Mapping[str, Any]]) -> list[Kept]:
    """Enter or update many leads by their keys, all or none. Raises RowsRefused, Invalid."""
    seen: dict[tuple[str, str], int] = {}
    errors = []
    for number, item in enumerate(items):
        key = _key(item)
        if key in seen:
            message = Told("This key stands in item %(item)d already.", item=seen[key])
            errors.append(FieldError(f"leads.{number}.external_id", message))
        seen.setdefault(key, number)
    if errors:
        raise RowsRefused(errors)
    _require_informed_by_now(actor, {f"leads.{number}.": item for number, item in enumerate(items)})
    return upsert(actor, items)


def upsert(actor: Actor, items: Sequence[Mapping[str, Any]]) -> list[Kept]:
    """Insert or update leads by (connector, external id) in few statements; return them in the items' order.

    Fields an item leaves out, its owner among them, keep their value in a lead that exists. Raises OwnerNotYours.
    """
    owners = _owners(actor, {item.get("owner_id") for item in items})
    now = clock.now()
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for item in sorted(items, key=_key):
        columns = _columns(item)
        entered = {
            "id": random_id(),
            "organization_id": actor.organization_id,
            "owner_id": owners[item.get("owner_id")],
            "connector": item["connector"],
            "external_id": item["external_id"],
            "created_at": now,
            "notes": "",
            "version": 1,
        }
        named = {*columns, "owner_id"} if item.get("owner_id") else set(columns)
        alike[tuple(sorted(named))].append(entered | columns)
    kept = _upserted(actor, alike)
    if len(kept) < len(items):
        raise OwnerNotYours([FieldError("external_id", "A colleague keeps the lead under this key.")])
    record_all(actor, "lead.synced", Lead, [lead.id for lead in kept.values()])
    return [kept[_key(item)] for item in items]


def _require_informed_by_now(actor: Actor, given: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse leads, by the beginning of their fields' paths, whose contact was informed on a day still to come."""
    # A day that has begun twelve hours behind UTC has begun everywhere: then nobody's zone is looked up.
    begun = (clock.now() - timedelta(hours=12)).date()
    if not any(contacts.is_to_come(lead, begun) for lead in given.values()):
        return
    today = calendars.today(actor)
    wrong = [path for path, lead in given.items() if contacts.is_to_come(lead, today)]
    if wrong:
        raise Invalid([FieldError(f"{path}contact_informed_on", contacts.TO_COME) for path in wrong])


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["connector"], item["external_id"]


def _upserted(actor: Actor, alike: Mapping[tuple[str, ...], list[dict[str, Any]]]) -> dict[tuple[str, str], Kept]:
    """Write rows by the fields they name; all are taken in the order of their keys, so that two calls never entangle.

    Where rows name different fields, one statement enters the new leads and locks the known ones, others follow.
    """
    if len(alike) == 1:
        [(names, rows)] = alike.items()
        return _put_in_order(actor, rows, tuple(rows[0]), names)
    whole = sorted((row for rows in alike.values() for row in rows), key=_key)
    kept = _put_in_order(actor, whole, tuple(dict.fromkeys(name for row in whole for name in row)), ())
    for names, rows in sorted(alike.items()):
        known = [row | {"id": kept[_key(row)].id} for row in rows if _key(row) in kept and not kept[_key(row)].entered]
        if known:
            db.session().execute(_change(names), {"rows": db.as_rows(known)})
    return kept


def _put_in_order(
    actor: Actor, rows: list[dict[str, Any]], sent: tuple[str, ...], changed: tuple[str, ...]
) -> dict[tuple[str, str], Kept]:
    values = {"rows": db.as_rows(rows), "owner": None if actor.has("leads:all") else actor.user_id}
    found = db.session().execute(_put(sent, changed), values)
    ids = {row["id"] for row in rows}
    return {
        (row.connector, row.external_id): Kept(row.id, row.connector, row.external_id, row.id in ids) for row in found
    }


@lru_cache(maxsize=64)
def _put(sent: tuple[str, ...], changed: tuple[str, ...]) -> ReturningInsert[Any]:
    """Return the statement; only leads of `owner` are changed, where it is given."""
    table = Lead.metadata.tables[Lead.__tablename__]
    statement = insert(table).from_select(sent, select(db.sent(table.c[name] for name in sent)))
    owner = bindparam("owner", type_=Uuid())
    return statement.on_conflict_do_update(
        index_elements=["organization_id", "connector", "external_id"],
        set_={name: statement.excluded[name] for name in changed} | {"version": table.c.version + 1},
        where=or_(owner.is_(None), table.c.owner_id == owner),
    ).returning(table.c.id, table.c.connector, table.c.external_id)


@lru_cache(maxsize=64)
def _change(names: tuple[str, ...]) -> Update:
    """Return the statement that changes leads whose version was raised before."""
    table = Lead.metadata.tables[Lead.__tablename__]
    keys = "organization_id", "id"
    rows = db.sent(table.c[name] for name in (*keys, *names))
    return (
        update(table)
        .where(*(table.c[key] == rows.c[key] for key in keys))
        .values({name: rows.c[name] for name in names})
    )


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = contacts.settled({name: given[name] for name in FIELDS if name in given})
    if columns.get("notes", "") is None:
        columns["notes"] = ""
    if "value" in given:
        value = given["value"]
        columns["value_minor"], columns["currency"] = (value.minor, value.currency) if value else (None, None)
    return columns


def _owner(actor: Actor, given: Mapping[str, Any]) -> UUID:
    owner_id: UUID | None = given.get("owner_id")
    return _owners(actor, {owner_id})[owner_id]


def _owners(actor: Actor, named: set[UUID | None]) -> Mapping[UUID | None, UUID]:
    """Return whose leads those with these owners are: where none is named, the actor's. Raises OwnerNotYours.

    No account among them is closed before the transaction ends.
    """
    owners = {one: owner for one in named if (owner := one or actor.user_id) is not None}
    wanted = set(owners.values())
    may = len(owners) == len(named) and (actor.has("leads:all") or wanted <= {actor.user_id})
    if not may or not wanted <= staying.those_who_stay(actor, wanted):
        raise OwnerNotYours([FieldError("owner_id", OwnerNotYours.title)])
    return owners
