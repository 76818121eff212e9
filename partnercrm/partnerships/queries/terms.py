"""Reading versions of the terms, changes proposed, and a side's own draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries
from partnercrm.partnerships.differences import Difference, differences
from partnercrm.partnerships.models import ChangeStatus, TermChange, TermDraft, Terms
from partnercrm.web.paging import Page, page

VERSION_SORTS = {"version": Terms.version}
CHANGE_SORTS = {"proposed_at": TermChange.proposed_at}


@dataclass(frozen=True, slots=True)
class AgreedVersion:
    """A version of the terms with what it changed, and by whose proposal."""

    terms: Terms
    changes: list[Difference]
    proposed_by: UUID
    note: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """A change proposed, beside the terms it is based on; reads like the change itself."""

    change: TermChange
    base: Terms

    def __getattr__(self, name: str) -> Any:
        return getattr(self.change, name)

    @property
    def terms(self) -> TermChange:
        """The terms as they are to be."""
        return self.change

    @property
    def proposed_by(self) -> UUID:
        """The side that proposed it."""
        return self.change.organization_id

    @property
    def changes(self) -> list[Difference]:
        """What it changes, field by field."""
        return differences(self.base, self.change)


def term_changes_seen_by(actor: Actor) -> Select[TermChange]:
    """Return the changes proposed in the living partnerships of the actor's organization, by either side."""
    mine = actor.organization_id
    ours = or_(TermChange.organization_id == mine, TermChange.other_id == mine)
    return select(TermChange).where(ours, queries.lives(TermChange.partnership_id))


def term_drafts_seen_by(actor: Actor) -> Select[TermDraft]:
    """Return what the actor's organization means to propose."""
    return select(TermDraft).where(TermDraft.organization_id == actor.organization_id)


def versions(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the versions of the terms, each with what it changed. Raises NotFound."""
    partnership = queries.partnership(actor, partnership_id)
    before = aliased(Terms)
    rows = (
        select(Terms, before, TermChange)
        .outerjoin(before, and_(before.partnership_id == Terms.partnership_id, before.version == Terms.version - 1))
        .outerjoin(
            TermChange, and_(TermChange.partnership_id == Terms.partnership_id, TermChange.id == Terms.change_id)
        )
        .where(Terms.partnership_id == partnership.id)
    )

    def shown(row: Any) -> AgreedVersion:
        terms, previous, change = row[0], row[1], row[2]
        return AgreedVersion(
            terms=terms,
            changes=differences(previous, terms) if previous else [],
            proposed_by=change.organization_id if change else partnership.proposer_id,
            note=change.note if change else "",
            agreed_at=change.answered_at if change else partnership.started_at,
        )

    framed = {**given, "partnership_id": partnership_id}
    return page(actor, rows, framed, sorts=VERSION_SORTS, key=Terms.version, shown=shown)


def term_changes(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the changes proposed in one partnership. Raises NotFound."""
    partnership = queries.partnership(actor, partnership_id)
    rows = _beside_base(term_changes_seen_by(actor)).where(TermChange.partnership_id == partnership.id)
    framed = {**given, "partnership_id": partnership_id}
    return page(
        actor, rows, framed, sorts=CHANGE_SORTS, key=TermChange.id, shown=lambda row: ChangeSeen(row[0], row[1])
    )


def term_change(actor: Actor, change_id: UUID) -> ChangeSeen:
    """Return one change proposed. Raises NotFound."""
    rows = _beside_base(term_changes_seen_by(actor)).where(TermChange.id == change_id)
    found = db.session().execute(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return ChangeSeen(found[0], found[1])


def open_change(actor: Actor, partnership_id: UUID) -> ChangeSeen | None:
    """Return the change that waits for an answer in a partnership, if there is one."""
    rows = _beside_base(term_changes_seen_by(actor)).where(
        TermChange.partnership_id == partnership_id, TermChange.status == ChangeStatus.OPEN
    )
    found = db.session().execute(rows).one_or_none()
    return ChangeSeen(found[0], found[1]) if found else None


def waiting_changes(actor: Actor) -> list[TermChange]:
    """Return the changes that wait for the actor's organization to answer."""
    rows = term_changes_seen_by(actor).where(
        TermChange.other_id == actor.organization_id, TermChange.status == ChangeStatus.OPEN
    )
    return list(db.session().scalars(rows.order_by(TermChange.proposed_at).limit(50)))


def latest_terms(partnership_id: UUID) -> Terms:
    """Return the version agreed last, whether it is in force already or not; the partnership is one the actor sees."""
    newest = select(func.max(Terms.version)).where(Terms.partnership_id == partnership_id).scalar_subquery()
    return (
        db.session().scalars(select(Terms).where(Terms.partnership_id == partnership_id, Terms.version == newest)).one()
    )


def own_draft(actor: Actor, partnership_id: UUID) -> TermDraft | None:
    """Return what the actor's organization means to propose in a partnership, if anything."""
    rows = term_drafts_seen_by(actor).where(TermDraft.partnership_id == partnership_id)
    return db.session().scalars(rows).one_or_none()


def term_draft(actor: Actor, partnership_id: UUID) -> TermDraft:
    """Return what the actor's organization means to propose in a partnership. Raises NotFound."""
    found = own_draft(actor, partnership_id)
    if found is None:
        raise NotFound
    return found


def term_draft_by_id(actor: Actor, draft_id: UUID) -> TermDraft:
    """Return a draft by its own id. Raises NotFound."""
    found = db.session().scalars(term_drafts_seen_by(actor).where(TermDraft.id == draft_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _beside_base(rows: Select[TermChange]) -> Select[Any]:
    base = and_(Terms.partnership_id == TermChange.partnership_id, Terms.version == TermChange.based_on)
    return rows.join(Terms, base).add_columns(Terms)
