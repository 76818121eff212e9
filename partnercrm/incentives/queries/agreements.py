"""Reading how two sides share their deals: what is agreed, was, and is proposed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from partnercrm.deals.models.deals import Deal, DealVersion
from partnercrm.deals.queries import selling
from partnercrm.incentives import sharing
from partnercrm.incentives.models.agreements import SplitAgreement, SplitProposal
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.agreements import EntryStage, PartnerRole, SplitTemplate
from partnercrm.partnerships.models import ChangeStatus
from partnercrm.partnerships.queries import is_open_to, joined_partnership
from partnercrm.web.paging import Page, page


class DealSharing(NamedTuple):
    """How a deal is shared: now, by what was agreed last, and by what waits; and what another split can rest on."""

    deal_id: UUID
    partnership_id: UUID
    origin_id: UUID
    stage: EntryStage | None
    version: int
    overlay_cap_percent: int
    in_force: SplitAgreement | None
    latest: SplitAgreement | None
    waiting: SplitProposal | None
    templates: Sequence[SplitTemplate]


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


def agreement(actor: Actor, deal_id: UUID, version: int) -> SplitAgreement | None:
    """Return one version of how a deal is shared, if there is one of this number."""
    rows = split_agreements_seen_by(actor).where(SplitAgreement.deal_id == deal_id, SplitAgreement.version == version)
    return db.session().scalars(rows).one_or_none()


def latest(actor: Actor, deal_id: UUID) -> SplitAgreement | None:
    """Return the version agreed last about a deal, in force already or not, if any was."""
    rows = split_agreements_seen_by(actor).where(SplitAgreement.deal_id == deal_id)
    return db.session().scalars(rows.order_by(SplitAgreement.version.desc()).limit(1)).one_or_none()


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


def company_names(actor: Actor, deal_ids: Collection[UUID]) -> dict[UUID, str | None]:
    """Return what the companies of these deals are called, while that is told, by deal."""
    rows = selling.deals_seen_by(actor).where(Deal.id.in_(deal_ids)).options(joinedload(Deal.joint_account))
    return {one.id: one.joint_account.name for one in db.session().scalars(rows)}


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


def sharing_of(actor: Actor, deal_id: UUID) -> DealSharing:
    """Return how a deal is shared now, what waits, and by which templates it can be. Raises NotFound."""
    deal = selling.deal(actor, deal_id)
    terms = joined_partnership(actor, deal.partnership_id).terms
    last, stage = latest(actor, deal_id), came_in(actor, deal_id)
    return DealSharing(
        deal_id=deal_id,
        partnership_id=deal.partnership_id,
        origin_id=deal.origin_id,
        stage=stage,
        version=last.version if last else 0,
        overlay_cap_percent=terms.overlay_cap_percent,
        in_force=agreement_in_force(actor, deal_id, clock.now()),
        latest=last,
        waiting=open_proposal(actor, deal_id),
        templates=[
            one
            for role in PartnerRole
            if stage and (one := sharing.template_for(terms.split_templates, deal.origin_id, role, stage))
        ],
    )


def came_in(actor: Actor, deal_id: UUID) -> EntryStage | None:
    """Return the stage of a deal at which the partner came in, by every state it has been in."""
    rows = selling.deal_versions_seen_by(actor).where(DealVersion.deal_id == deal_id)
    return sharing.came_in(db.session().scalars(rows).all())
