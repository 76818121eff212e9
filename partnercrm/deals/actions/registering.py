"""Registering a deal: one call takes the place of its company and product line, or says whose it is and why."""

from collections.abc import Mapping
from typing import Any

from partnercrm.activity.actions import record
from partnercrm.deals import queries
from partnercrm.deals.actions.steps import reject, remind, told_value
from partnercrm.deals.actions.weighing import Sound, Weighed, sound, weigh
from partnercrm.deals.conflicts import Claim, Evidence, deciding
from partnercrm.deals.models import Registration, RegistrationEvidence, RegistrationSide
from partnercrm.deals.queries import RegistrationSeen
from partnercrm.deals.registering import RegistrationStatus, RejectReason
from partnercrm.deals.stages import Stage
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.steps import acting_member


def check_deal(actor: Actor, given: Mapping[str, Any]) -> Weighed:
    """Return what registering this deal would come to, all at once; nothing is left of it."""
    with db.trial():
        return weigh(actor, given)


def register_deal(actor: Actor, given: Mapping[str, Any]) -> RegistrationSeen:
    """Register a deal with the partner; where its claim is outweighed, it is on record as that, open to an appeal.

    A claim that outweighs the one which holds takes its place. Raises DealIncomplete, AlreadyRegistered,
    PartnershipPaused, NotEnabled.
    """
    deal = sound(weigh(actor, given))
    made = _registration(actor, deal, given)
    if deal.holder is not None and deal.outweighed is None:
        displace(actor, deal.holder, deal.claim)
    db.session().add(made)
    db.session().flush()
    _keep(actor, made, given)
    for step in deal.claim.evidence:
        add_evidence(made, step)
    record(actor, f"registration.{'outweighed' if deal.outweighed else 'submitted'}", made)
    if not deal.outweighed:
        remind(made, made.other_id, deal.hours)
    return queries.registration(actor, made.id)


def _registration(actor: Actor, deal: Sound, given: Mapping[str, Any]) -> Registration:
    now, lost = clock.now(), deal.outweighed
    return Registration(
        id=new_id(),
        partnership_id=deal.partnership.id,
        organization_id=actor.organization_id,
        other_id=deal.partnership.other(actor.organization_id),
        joint_account_id=deal.account.id,
        product_line_id=given.get("product_line_id"),
        offer_id=given.get("offer_id"),
        status=RegistrationStatus.REJECTED if lost else RegistrationStatus.SUBMITTED,
        reason=RejectReason.EARLIER_EVIDENCE if lost else None,
        note="",
        involvement=given["involvement"],
        **told_value(deal.partnership, given["value"]),
        close_on=given["close_on"],
        asks=given.get("asks", ""),
        entry_stage=given.get("entry_stage", Stage.PROSPECT),
        lost_before=given.get("lost_before", False),
        asked_fields=[],
        submitted_at=now,
        waits_since=now,
        **deal.times._asdict(),
        decided_at=now if lost else None,
        outweighed_at=lost.holds.counts_from if lost else None,
        outweighed_by=lost.holds.kind if lost else None,
    )


def displace(actor: Actor, holder: Registration, claim: Claim) -> None:
    """Let a claim with earlier evidence take the place of the one that holds it, wherever that stands."""
    step = deciding(claim.evidence)
    reject(holder, RejectReason.EARLIER_EVIDENCE)
    holder.outweighed_at, holder.outweighed_by = step.counts_from, step.kind
    db.session().flush()
    record(actor, "registration.displaced", holder)


def _keep(actor: Actor, made: Registration, given: Mapping[str, Any]) -> None:
    """Keep for the own side alone who works on it, and what it is worth exactly."""
    member = acting_member(actor, made.partnership_id)
    db.session().add(
        RegistrationSide(
            organization_id=actor.organization_id,
            registration_id=made.id,
            partnership_id=made.partnership_id,
            owner_id=actor.user_id or member.user_id,
            value_minor=given["value"].minor,
        )
    )
    db.session().flush()


def add_evidence(about: Registration, step: Evidence) -> None:
    """Write down a qualifying step that a registration rests on; the database says when it was recorded."""
    db.session().add(
        RegistrationEvidence(
            id=new_id(),
            partnership_id=about.partnership_id,
            organization_id=about.organization_id,
            other_id=about.other_id,
            registration_id=about.id,
            kind=step.kind,
            happened_at=step.happened_at,
        )
    )
    db.session().flush()
