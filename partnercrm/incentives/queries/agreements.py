"""Reading how two sides share their deals: what is agreed, was, and is proposed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from partnercrm.deals.models.deals import DealVersion
from partnercrm.deals.queries import selling
from partnercrm.incentives import sharing
from partnercrm.incentives.models.agreements import SplitAgreement, SplitProposal
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.agreements import EntryStage
from partnercrm.partnerships.models import ChangeStatus
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

PROPOSAL_SORTS: Final = {"proposed_at": SplitProposal.proposed_at}
AGREEMENT_SORTS: Final = {"version": SplitAgreement.version}


def split_agreements_seen_by(actor: Actor) -> Select[SplitAgreement]:
    """Return what was agreed about deals in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(SplitAgreement).where(
        or_(SplitAgreement.first_organization_id == mine, SplitAgreement.second_organization_id == mine),
        is_open_to(actor, SplitAgreement.partnership_id),
    )


def split_proposals_seen_by(actor: Actor) -> Select[SplitProposal]:
    """Return what either side proposed about these deals."""
    mine = actor.organization_id
    return select(SplitProposal).where(
        or_(SplitProposal.first_organization_id == mine, SplitProposal.second_organization_id == mine),
        is_open_to(actor, SplitProposal.partnership_id),
    )


def agreement_in_force(
    actor: Actor, deal_id: UUID, moment: datetime, known_at: datetime | None = None
) -> SplitAgreement | None:
    """Return the agreement in force for a deal at a moment; None where nothing is agreed for then.

    The highest version that had begun, of all there are or of those recorded by `known_at`. A job's actor names the
    deal's partnership in `partnership_ids`.
    """
    rows = split_agreements_seen_by(actor).where(
        SplitAgreement.deal_id == deal_id, SplitAgreement.effective_at <= moment
    )
    if known_at is not None:
        rows = rows.where(SplitAgreement.recorded_at <= known_at)
    return db.session().scalars(rows.order_by(SplitAgreement.version.desc()).limit(1)).one_or_none()


def agreements(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the versions of how a deal is shared. Raises NotFound."""
    rows = split_agreements_seen_by(actor).where(SplitAgreement.deal_id == selling.deal(actor, deal_id).id)
    return page(actor, rows, {**given, "deal_id": deal_id}, sorts=AGREEMENT_SORTS, key=SplitAgreement.version)


def latest_version(actor: Actor, deal_id: UUID) -> int:
    """Return the number of the version agreed last about a deal, in force already or not; 0 for none."""
    rows = split_agreements_seen_by(actor).where(SplitAgreement.deal_id == deal_id)
    found: int | None = (
        db.session().execute(rows.with_only_columns(func.max(SplitAgreement.version))).scalar_one_or_none()
    )
    return found or 0


def proposals(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of what either side proposed; `waiting` for the actor's side to answer, of one deal, by status."""
    rows = split_proposals_seen_by(actor)
    for name in ("deal_id", "partnership_id", "status"):
        if name in given:
            rows = rows.where(getattr(SplitProposal, name) == given[name])
    if given.get("waiting"):
        rows = rows.where(SplitProposal.other_id == actor.organization_id, SplitProposal.status == ChangeStatus.OPEN)
    return page(actor, rows, given, sorts=PROPOSAL_SORTS, key=SplitProposal.id)


def counts_waiting(actor: Actor) -> int:
    """Return how many proposals wait for the actor's side to answer."""
    rows = split_proposals_seen_by(actor).where(
        SplitProposal.other_id == actor.organization_id, SplitProposal.status == ChangeStatus.OPEN
    )
    return db.session().execute(rows.with_only_columns(func.count())).scalar_one()


def proposal(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Return one proposal. Raises NotFound."""
    rows = split_proposals_seen_by(actor).where(SplitProposal.id == proposal_id)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_proposal(actor: Actor, deal_id: UUID) -> SplitProposal | None:
    """Return what waits for an answer about a deal, if anything does."""
    rows = split_proposals_seen_by(actor).where(
        SplitProposal.deal_id == deal_id, SplitProposal.status == ChangeStatus.OPEN
    )
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def came_in(actor: Actor, deal_id: UUID) -> EntryStage | None:
    """Return the stage of a deal at which the partner came in, by every state it has been in."""
    rows = selling.deal_versions_seen_by(actor).where(DealVersion.deal_id == deal_id)
    return sharing.came_in(db.session().scalars(rows).all())
