"""Agreeing how a deal is shared: one side proposes, the other accepts, declines or proposes another; also after a win.

Every step holds the partnership, which cannot end meanwhile, and the deal's row: of two at once one has an effect.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.deals.models.deals import Deal
from partnercrm.deals.queries import selling
from partnercrm.deals.stages import Stage
from partnercrm.incentives.actions.earning import from_the, settle_deal
from partnercrm.incentives.errors import (
    NothingToShare,
    SplitBeyondTerms,
    SplitChangedMeanwhile,
    SplitProposalAnswered,
    SplitProposalOpenAlready,
)
from partnercrm.incentives.models import SplitProposal
from partnercrm.incentives.queries import agreements as queries
from partnercrm.incentives.sharing import FEES, Fee, Portion, Sharing, applied, faults, fits
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships.agreements import EntryStage
from partnercrm.partnerships.errors import AnsweredByTheOther, NothingChanges
from partnercrm.partnerships.models import ChangeStatus, Partnership
from partnercrm.partnerships.queries import settlement


def propose_split(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> SplitProposal:
    """Propose to the partner how a deal is shared.

    Raises SplitChangedMeanwhile, SplitProposalOpenAlready, NothingToShare, NothingChanges, Invalid.
    """
    deal, partnership = selling.deal_to_change(actor, deal_id)
    made = _proposed(actor, deal, partnership, given)
    if queries.open_proposal(actor, deal.id):
        raise SplitProposalOpenAlready
    return _sent(actor, made)


def change_split(actor: Actor, proposal_id: UUID, given: Mapping[str, Any]) -> SplitProposal:
    """Propose another split instead of one that waits: one's own is withdrawn, the partner's declined by it.

    Raises as proposing does, and SplitProposalAnswered.
    """
    found, deal, partnership = _open(actor, proposal_id)
    made = _proposed(actor, deal, partnership, given)
    if made.sharing == found.sharing and made.effective_on == found.effective_on:
        raise NothingChanges
    _close(found, ChangeStatus.WITHDRAWN if found.organization_id == actor.organization_id else ChangeStatus.DECLINED)
    return _sent(actor, made)


def accept_split(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Agree to what the partner proposed: it is the next version, in force from its day on, never from before now.

    Raises SplitProposalAnswered, AnsweredByTheOther, SplitBeyondTerms.
    """
    found, deal, partnership = _open(actor, proposal_id)
    if found.organization_id == actor.organization_id:
        raise AnsweredByTheOther
    if faults(found.sharing, deal.sides(), partnership.terms.overlay_cap_percent):
        raise SplitBeyondTerms
    settlement.settle(partnership.id)
    db.session().execute(select(func.step_agree_split(found.id, clock.now()))).scalar_one()
    db.session().refresh(found)
    record(actor, "split.agreed", found, deal_id=str(deal.id), version=found.agreed_version)
    settle_deal(deal, from_the(found.effective_on))
    return found


def decline_split(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Decline what the partner proposed. Raises SplitProposalAnswered, AnsweredByTheOther."""
    found, deal, _ = _open(actor, proposal_id)
    if found.organization_id == actor.organization_id:
        raise AnsweredByTheOther
    _close(found, ChangeStatus.DECLINED)
    record(actor, "split.declined", found, deal_id=str(deal.id))
    return found


def withdraw_split(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Take back what the own side proposed. Raises SplitProposalAnswered, AnsweredByTheOther."""
    found, deal, _ = _open(actor, proposal_id)
    if found.organization_id != actor.organization_id:
        raise AnsweredByTheOther
    _close(found, ChangeStatus.WITHDRAWN)
    record(actor, "split.withdrawn", found, deal_id=str(deal.id))
    return found


def _open(actor: Actor, proposal_id: UUID) -> tuple[SplitProposal, Deal, Partnership]:
    """Return a proposal that waits, with its deal, which is locked before the proposal is read, and its partnership."""
    deal, partnership = selling.deal_to_change(actor, queries.proposal(actor, proposal_id).deal_id)
    found = queries.proposal(actor, proposal_id)
    if found.status is not ChangeStatus.OPEN:
        raise SplitProposalAnswered
    return found, deal, partnership


def _close(found: SplitProposal, status: ChangeStatus) -> None:
    found.status, found.answered_at = status, clock.now()
    db.session().flush()


def _sent(actor: Actor, made: SplitProposal) -> SplitProposal:
    with db.unique("uq_split_proposals_open", SplitProposalOpenAlready):
        db.session().add(made)
    record(actor, "split.proposed", made, deal_id=str(made.deal_id))
    return made


def _proposed(actor: Actor, deal: Deal, partnership: Partnership, given: Mapping[str, Any]) -> SplitProposal:
    """Return the proposal that was sent, with all that is wrong with it at once."""
    stage = queries.came_in(actor, deal.id)
    if stage is None or deal.stage is Stage.CLOSED_LOST:
        raise NothingToShare
    latest = queries.latest(actor, deal.id)
    if given["based_on"] != (latest.version if latest else 0):
        raise SplitChangedMeanwhile(version=latest.version if latest else 0)
    sharing, wrong = _read(deal, partnership, stage, given)
    if given.get("effective_on") and given["effective_on"] < clock.now().date():
        wrong.append(FieldError("effective_on", "A split holds from today on, or later; never from the past."))
    if sharing is None or wrong:
        raise Invalid(wrong)
    if latest and latest.sharing == sharing and not given.get("effective_on"):
        raise NothingChanges
    return SplitProposal(
        id=new_id(),
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        partnership_id=deal.partnership_id,
        first_organization_id=deal.first_organization_id,
        second_organization_id=deal.second_organization_id,
        deal_id=deal.id,
        based_on=given["based_on"],
        effective_on=given.get("effective_on"),
        origin_id=deal.origin_id,
        role=given["role"],
        stage=stage,
        template_id=given.get("template_id"),
        status=ChangeStatus.OPEN,
        proposed_at=clock.now(),
        **_columns(deal.sides(), sharing),
    )


def _read(
    deal: Deal, partnership: Partnership, stage: EntryStage, given: Mapping[str, Any]
) -> tuple[Sharing | None, list[FieldError]]:
    """Return how a deal is to be shared, by a template of the terms or as it was written, and what is wrong with it."""
    terms, origin, partner = partnership.terms, deal.origin_id, partnership.other(deal.origin_id)
    written = [name for name in ("shares", *FEES) if given.get(name)]
    if given.get("template_id"):
        wrong = [FieldError(name, "Take a template, or write the split yourself; not both.") for name in written]
        chosen = next((one for one in terms.split_templates if one.id == given["template_id"]), None)
        if chosen is None:
            return None, [*wrong, FieldError("template_id", "There is no such template in the terms in force.")]
        if not fits(chosen, origin, given["role"], stage):
            wrong.append(FieldError("template_id", "This template is for other deals: another side, role or stage."))
        return applied(chosen, origin, partner), wrong
    if not given.get("shares"):
        return None, [FieldError("shares", "Write the shares of both, or take a template.")]
    sharing = _written(given["shares"], given)
    wrong = faults(sharing, deal.sides(), terms.overlay_cap_percent)
    named = [one["organization_id"] for one in given["shares"]]
    if len(named) != len(set(named)):
        wrong = [*(one for one in wrong if one.field != "shares"), FieldError("shares", "Name each partner once.")]
    return sharing, wrong


def _written(shares: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> Sharing:
    fees = [(kind, given.get(kind)) for kind in FEES]
    return Sharing(
        {one["organization_id"]: one["revenue_split"] for one in shares},
        {one["organization_id"]: one["overlay_split"] for one in shares},
        tuple(Fee(kind, fee["payer_id"], fee["rate"]) for kind, fee in fees if fee),
    )


def _columns(sides: tuple[UUID, UUID], sharing: Sharing) -> dict[str, Any]:
    first, second = sides
    fees = {fee.kind: fee for fee in sharing.fees}
    referral, revenue = fees.get(Portion.REFERRAL_FEE), fees.get(Portion.REVENUE_SHARE)
    return {
        "first_split": sharing.splits[first],
        "second_split": sharing.splits[second],
        "first_overlay": sharing.overlays[first],
        "second_overlay": sharing.overlays[second],
        "referral_fee": referral and referral.rate,
        "referral_payer_id": referral and referral.payer_id,
        "revenue_share": revenue and revenue.rate,
        "revenue_payer_id": revenue and revenue.payer_id,
    }
