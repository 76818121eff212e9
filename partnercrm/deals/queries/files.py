"""Reading which files lie with a deal, for members of both sides; and which bytes no row stands for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import joinedload

from partnercrm.deals.models.files import DealFile
from partnercrm.deals.queries import selling
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

_UNKEPT: Final = text("SELECT sweep_files(CAST(:keys AS uuid[])) AS id")


def deal_files_seen_by(actor: Actor) -> Select[DealFile]:
    """Return the files of deals in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(DealFile).where(
        or_(DealFile.first_organization_id == mine, DealFile.second_organization_id == mine),
        is_open_to(actor, DealFile.partnership_id),
    )


def files(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of a deal's files, newest first. Raises NotFound."""
    rows = deal_files_seen_by(actor).where(DealFile.deal_id == selling.deal(actor, deal_id).id)
    return page(
        actor,
        rows.options(joinedload(DealFile.author)),
        {**given, "sort": "-added_at", "deal_id": deal_id},
        sorts={"added_at": DealFile.added_at},
        key=DealFile.id,
    )


def file(actor: Actor, file_id: UUID) -> DealFile:
    """Return one file. Raises NotFound."""
    rows = deal_files_seen_by(actor).where(DealFile.id == file_id).options(joinedload(DealFile.author))
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def count_files(actor: Actor, deal_id: UUID) -> int:
    """Return how many files lie with a deal, of both sides."""
    rows = deal_files_seen_by(actor).where(DealFile.deal_id == deal_id)
    return db.session().execute(rows.with_only_columns(func.count())).scalar_one()


def unkept(keys: Sequence[UUID]) -> list[UUID]:
    """Return those of the keys under which no file is known to anybody. For the worker alone."""
    return [row.id for row in db.rows(_UNKEPT, {"keys": list(keys)})]
