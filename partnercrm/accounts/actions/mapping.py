"""Agreeing what is compared: proposed by one side, agreed by the other, stopped by either; lifting what froze."""

from collections.abc import Mapping as Values
from typing import Any
from uuid import UUID

from partnercrm.accounts.errors import FreezeLifted, MappingAnswered, MappingNotAgreed
from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.models.mapping import Mapping, MappingLift, MappingSide
from partnercrm.accounts.models.populations import Population
from partnercrm.accounts.queries import mapping as queries
from partnercrm.accounts.queries import populations
from partnercrm.accounts.queries.mapping import FreezeSeen
from partnercrm.accounts.tiers import AccountField, Consent, is_within, settled
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import AnsweredByTheOther, PartnershipPaused
from partnercrm.partnerships.models import Partnership


def propose_mapping(actor: Actor, given: Values[str, Any]) -> Mapping:
    """Propose to compare a population with one of the partner's, and how much both learn of it.

    Raises PartnershipPaused, Invalid.
    """
    try:
        partnership = partnerships.held_partnership(actor, given["partnership_id"])
    except NotFound as error:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.") from error
    if partnership.is_paused:
        raise PartnershipPaused
    population = _population(actor, given["population_id"])
    willing = Consent(given["tier"], frozenset(given["shown"]))
    consent = settled(willing, willing)
    proposed = Mapping(
        id=new_id(),
        partnership_id=partnership.id,
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        label=given.get("label") or _called(population),
        tier=consent.tier,
        shown=_written(consent),
        status=MappingStatus.PROPOSED,
        proposed_at=clock.now(),
    )
    db.session().add(proposed)
    db.session().flush()
    _bring(actor, proposed, population)
    record(actor, "mapping.proposed", proposed)
    return proposed


def agree_mapping(actor: Actor, mapping_id: UUID, given: Values[str, Any]) -> Mapping:
    """Agree with a population of the actor's own, at the tier proposed or a lower one.

    Raises MappingAnswered, AnsweredByTheOther, PartnershipPaused, Invalid.
    """
    mapping, partnership = _to_answer(actor, mapping_id)
    if partnership.is_paused:
        raise PartnershipPaused
    population = _population(actor, given["population_id"])
    proposed = mapping.consent
    fields = frozenset(given["shown"]) if "shown" in given else proposed.fields
    willing = Consent(given.get("tier", proposed.tier), fields)
    if not is_within(willing, proposed):
        raise Invalid.field("tier", "Agree to what was proposed or to less; propose what goes beyond it yourself.")
    consent = settled(willing, proposed)
    _bring(actor, mapping, population)
    mapping.other_label = given.get("label") or _called(population)
    mapping.tier, mapping.shown = consent.tier, _written(consent)
    _answered(actor, mapping, MappingStatus.AGREED)
    jobs.defer("accounts.run_epoch", actor.organization_id, partnership_id=mapping.partnership_id)
    return mapping


def decline_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Decline what the other side proposed. Raises MappingAnswered, AnsweredByTheOther."""
    mapping, _ = _to_answer(actor, mapping_id)
    return _answered(actor, mapping, MappingStatus.DECLINED)


def withdraw_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Take back what the actor's side proposed. Raises MappingAnswered, AnsweredByTheOther."""
    mapping, _ = _to_answer(actor, mapping_id, by_proposer=True)
    return _answered(actor, mapping, MappingStatus.WITHDRAWN)


def stop_mapping(actor: Actor, mapping_id: UUID) -> Mapping:
    """Stop a mapping: all it told, copies among it, is gone for both sides at once. Raises MappingNotAgreed."""
    mapping, _ = queries.mapping_to_step(actor, mapping_id)
    if mapping.status is not MappingStatus.AGREED:
        raise MappingNotAgreed
    mapping.status, mapping.stopped_at, mapping.stopped_by = MappingStatus.STOPPED, clock.now(), actor.organization_id
    db.session().flush()
    record(actor, "mapping.stopped", mapping)
    return mapping


def lift_freeze(actor: Actor, freeze_id: UUID) -> FreezeSeen:
    """Lift a freeze for the actor's side; once the other side has too, the mapping goes on. Raises FreezeLifted."""
    found = queries.freeze(actor, freeze_id)
    partnership = partnerships.held_partnership(actor, found.partnership_id)
    lift = MappingLift(
        freeze_id=freeze_id,
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        partnership_id=partnership.id,
        lifted_at=clock.now(),
    )
    with db.unique("pk_mapping_lifts", FreezeLifted):
        db.session().add(lift)
    seen = queries.freeze(actor, freeze_id)
    record(actor, "freeze.lifted", found.freeze)
    jobs.defer("accounts.run_epoch", actor.organization_id, partnership_id=partnership.id)
    return seen


def _population(actor: Actor, population_id: UUID) -> Population:
    try:
        found = populations.population(actor, population_id)
    except NotFound as error:
        raise Invalid.field("population_id", "Your organization has no such population.") from error
    if found.archived_at is not None:
        raise Invalid.field("population_id", "This population is archived; choose one that is in use.")
    return found


def _called(population: Population) -> str:
    return population.name[:80]


def _written(consent: Consent) -> list[str]:
    return [field.value for field in AccountField if field in consent.fields]


def _bring(actor: Actor, mapping: Mapping, population: Population) -> None:
    side = MappingSide(
        organization_id=actor.organization_id,
        mapping_id=mapping.id,
        partnership_id=mapping.partnership_id,
        population_id=population.id,
    )
    db.session().add(side)
    db.session().flush()


def _to_answer(actor: Actor, mapping_id: UUID, *, by_proposer: bool = False) -> tuple[Mapping, Partnership]:
    mapping, partnership = queries.mapping_to_step(actor, mapping_id)
    if mapping.status is not MappingStatus.PROPOSED:
        raise MappingAnswered
    if (mapping.organization_id == actor.organization_id) is not by_proposer:
        raise AnsweredByTheOther
    return mapping, partnership


def _answered(actor: Actor, mapping: Mapping, status: MappingStatus) -> Mapping:
    mapping.status, mapping.answered_at = status, clock.now()
    db.session().flush()
    record(actor, f"mapping.{status.value}", mapping)
    return mapping
