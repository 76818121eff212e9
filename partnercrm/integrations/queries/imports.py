"""Reading imports: the file itself, its rows as they were checked, what an undo could not put back."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, cast, func, select

from partnercrm.integrations.models import ImportChange, ImportMapping, ImportPiece, ImportRow, LeadImport
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.models import Lead
from partnercrm.web.paging import Page, page

SORTS = {"created_at": LeadImport.created_at}
SHOWN = 50


def imports_seen_by(actor: Actor) -> Select[LeadImport]:
    """Return the organization's imports for those who oversee leads, else the actor's own."""
    rows = select(LeadImport).where(LeadImport.organization_id == actor.organization_id)
    return rows if actor.has("leads:all") else rows.where(LeadImport.user_id == actor.user_id)


def imports(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of imports."""
    return page(actor, imports_seen_by(actor), given, sorts=SORTS, key=LeadImport.id)


def lead_import(actor: Actor, import_id: UUID, *, lock: bool = False) -> LeadImport:
    """Return one import. Raises NotFound."""
    return _one(imports_seen_by(actor).where(LeadImport.id == import_id), lock=lock)


def import_at_work(actor: Actor, import_id: UUID, *, lock: bool = False) -> LeadImport:
    """Return an import of the organization, for its job. Raises NotFound."""
    mine = LeadImport.organization_id == actor.organization_id
    return _one(select(LeadImport).where(mine, LeadImport.id == import_id), lock=lock)


def _one(rows: Select[LeadImport], *, lock: bool) -> LeadImport:
    fresh = rows.execution_options(populate_existing=True)
    found = db.session().scalars(fresh.with_for_update() if lock else fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def pieces(of: LeadImport) -> Iterator[bytes]:
    """Yield the file piece by piece; each is read when it is asked for, in the transaction open then."""
    number = 0
    where = ImportPiece.organization_id == of.organization_id, ImportPiece.import_id == of.id
    while True:
        rows = select(ImportPiece.content).where(*where, ImportPiece.number == number)
        content = db.session().scalars(rows).one_or_none()
        if content is None:
            return
        yield content
        number += 1


def owners_named(of: LeadImport) -> Sequence[UUID]:
    """Return to whom the rows that can be entered give leads by name."""
    rows = select(ImportRow.owner_id).where(
        ImportRow.organization_id == of.organization_id,
        ImportRow.import_id == of.id,
        ImportRow.faults.is_(None),
        ImportRow.owner_id.is_not(None),
    )
    return [owner_id for owner_id in db.session().scalars(rows.distinct()) if owner_id]


def former_owners(of: LeadImport) -> Sequence[UUID]:
    """Return whose the leads were that an import changed, before it did."""
    owner_id = cast(ImportChange.former["owner_id"].astext, Uuid)
    rows = select(owner_id).where(ImportChange.organization_id == of.organization_id, ImportChange.import_id == of.id)
    return db.session().scalars(rows.distinct()).all()


def remembered(actor: Actor, connector: str, header: Sequence[str]) -> ImportMapping | None:
    """Return how a file of this source with these columns was read the last time."""
    key = actor.organization_id, connector, header_key(header)
    return db.session().get(ImportMapping, key)


def header_key(header: Sequence[str]) -> str:
    """Return what stands for these columns in this order."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def wrong_rows(actor: Actor, import_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the rows that cannot be entered, in the file's order. Raises NotFound."""
    of = lead_import(actor, import_id)
    return page(actor, _wrong(of), given, sorts={"number": ImportRow.number}, key=ImportRow.number)


def wrong_rows_after(of: LeadImport, number: int, most: int) -> Sequence[ImportRow]:
    """Return the next wrong rows after a number, in the file's order."""
    rows = _wrong(of).where(ImportRow.number > number).order_by(ImportRow.number).limit(most)
    return db.session().scalars(rows).all()


def _wrong(of: LeadImport) -> Select[ImportRow]:
    return select(ImportRow).where(
        ImportRow.organization_id == of.organization_id, ImportRow.import_id == of.id, ImportRow.faults.is_not(None)
    )


def known_leads(actor: Actor, connector: str, keys: Sequence[str]) -> dict[str, Lead]:
    """Return the organization's leads under these keys, to tell what a row would change."""
    rows = select(Lead).where(
        Lead.organization_id == actor.organization_id, Lead.connector == connector, Lead.external_id.in_(keys)
    )
    return {str(lead.external_id): lead for lead in db.session().scalars(rows)}


def not_undone(of: LeadImport, *, most: int = SHOWN) -> tuple[int, Sequence[Lead]]:
    """Return how many leads an undo could not put back, and the first of them."""
    mine = ImportRow.organization_id == of.organization_id, ImportRow.import_id == of.id
    changed = select(ImportChange.lead_id).where(
        ImportChange.organization_id == of.organization_id, ImportChange.import_id == of.id, ~ImportChange.put_back
    )
    entered = select(ImportRow.lead_id).where(*mine)
    rows = select(Lead).where(Lead.organization_id == of.organization_id, Lead.id.in_(changed) | Lead.id.in_(entered))
    counted = db.session().scalar(select(func.count()).select_from(rows.subquery())) or 0
    return counted, db.session().scalars(rows.order_by(Lead.company_name, Lead.id).limit(most)).all()
