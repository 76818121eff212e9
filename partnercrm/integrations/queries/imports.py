"""Reading imports: the file itself, its rows as they were checked, what an undo could not put back."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, cast, func, select

from partnercrm.integrations.contents import KINDS, ImportKind
from partnercrm.integrations.models import CHANGES, ROWS, Change, FileImport, ImportMapping, ImportPiece, Staged
from partnercrm.integrations.queries.things import MORE, NAMES, THINGS, Thing
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

SORTS = {"created_at": FileImport.created_at}
SHOWN = 50


def imports_seen_by(actor: Actor) -> Select[FileImport]:
    """Return the organization's imports for those who oversee leads, else the actor's own; of what one may bring in."""
    kinds = [kind.name for kind in KINDS.values() if actor.has(kind.scope)]
    mine = FileImport.organization_id == actor.organization_id
    rows = select(FileImport).where(mine, FileImport.kind.in_(kinds))
    return rows if actor.has("leads:all") else rows.where(FileImport.user_id == actor.user_id)


def imports(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of imports."""
    rows = imports_seen_by(actor)
    if "kind" in given:
        rows = rows.where(FileImport.kind == given["kind"])
    return page(actor, rows, given, sorts=SORTS, key=FileImport.id)


def file_import(actor: Actor, import_id: UUID, *, lock: bool = False) -> FileImport:
    """Return one import. Raises NotFound."""
    return _one(imports_seen_by(actor).where(FileImport.id == import_id), lock=lock)


def import_at_work(actor: Actor, import_id: UUID, *, lock: bool = False) -> FileImport:
    """Return an import of the organization, for its job. Raises NotFound."""
    mine = FileImport.organization_id == actor.organization_id
    return _one(select(FileImport).where(mine, FileImport.id == import_id), lock=lock)


def _one(rows: Select[FileImport], *, lock: bool) -> FileImport:
    fresh = rows.execution_options(populate_existing=True)
    found = db.session().scalars(fresh.with_for_update() if lock else fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def pieces(of: FileImport) -> Iterator[bytes]:
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


def owners_named(of: FileImport) -> Sequence[UUID]:
    """Return to whom the rows that can be entered give things by name."""
    row = ROWS[of.kind]
    rows = select(row.owner_id).where(*part_of(row, of), row.faults.is_(None), row.owner_id.is_not(None))
    return [owner_id for owner_id in db.session().scalars(rows.distinct()) if owner_id]


def former_owners(of: FileImport) -> Sequence[UUID]:
    """Return whose the things were that an import changed, before it did."""
    change = CHANGES[of.kind]
    owner_id = cast(change.former["owner_id"].astext, Uuid)
    rows = select(owner_id).where(*part_of(change, of), owner_id.is_not(None))
    return db.session().scalars(rows.distinct()).all()


def remembered(actor: Actor, kind: ImportKind, connector: str, header: Sequence[str]) -> ImportMapping | None:
    """Return how a file of this source with these columns was read the last time."""
    key = actor.organization_id, kind, connector, header_key(header)
    return db.session().get(ImportMapping, key)


def header_key(header: Sequence[str]) -> str:
    """Return what stands for these columns in this order."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def wrong_rows(actor: Actor, import_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the rows that cannot be entered, in the file's order. Raises NotFound."""
    of = file_import(actor, import_id)
    row = ROWS[of.kind]
    return page(actor, _wrong(of), given, sorts={"number": row.number}, key=row.number)


def wrong_rows_after(of: FileImport, number: int, most: int) -> Sequence[Staged]:
    """Return the next wrong rows after a number, in the file's order."""
    row = ROWS[of.kind]
    rows = _wrong(of).where(row.number > number).order_by(row.number).limit(most)
    return db.session().scalars(rows).all()


def _wrong(of: FileImport) -> Select[Any]:
    row = ROWS[of.kind]
    return select(row).where(*part_of(row, of), row.faults.is_not(None))


def part_of(part: type[Staged | Change | ImportPiece], of: FileImport) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that rows, changes or pieces are those of an import."""
    return part.organization_id == of.organization_id, part.import_id == of.id


def not_undone(of: FileImport, *, most: int = SHOWN) -> tuple[int, Sequence[Thing]]:
    """Return how many things an undo could not put back, and the first of them."""
    row, change, thing = ROWS[of.kind], CHANGES[of.kind], THINGS[of.kind]
    changed = select(change.thing_id).where(*part_of(change, of), ~change.put_back)
    entered = select(row.thing_id).where(*part_of(row, of))
    named = thing.organization_id == of.organization_id, thing.id.in_(changed) | thing.id.in_(entered)
    rows = select(NAMES[of.kind], MORE[of.kind], thing.external_id).where(*named)
    counted = db.session().scalar(select(func.count()).select_from(rows.subquery())) or 0
    first = db.session().execute(rows.order_by(NAMES[of.kind], thing.id).limit(most))
    return counted, [Thing(*found) for found in first]
