"""Keeping populations: made from criteria, changed as new versions, counted again, archived."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from partnercrm.accounts.errors import PopulationArchived, PopulationExistsAlready
from partnercrm.accounts.models.populations import Population, PopulationVersion
from partnercrm.accounts.queries import populations
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db, jobs, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id

_NAMED_ONCE = "uq_populations_name"


def make_population(actor: Actor, given: Mapping[str, Any]) -> Population:
    """Give accounts that fit criteria a name. Raises PopulationExistsAlready."""
    criteria, now = _plain(given["criteria"]), clock.now()
    made = Population(
        id=new_id(),
        organization_id=actor.organization_id,
        name=given["name"],
        criteria=criteria,
        counted=populations.count(actor, criteria),
        counted_at=now,
        created_at=now,
    )
    with db.unique(_NAMED_ONCE, PopulationExistsAlready):
        db.session().add(made)
    _keep_version(made)
    record(actor, "population.made", made)
    return made


def change_population(actor: Actor, population_id: UUID, given: Mapping[str, Any], expected: str) -> Population:
    """Change name or criteria: other criteria are a new version, and the former ones stay known.

    Raises NotFound, Stale, PopulationArchived, PopulationExistsAlready.
    """
    found = _standing(actor, population_id, expected)
    if "criteria" in given and (criteria := _plain(given["criteria"])) != found.criteria:
        found.criteria, found.version = criteria, found.version + 1
        found.counted, found.counted_at = populations.count(actor, criteria), clock.now()
        db.session().flush()
        _keep_version(found)
    with db.unique(_NAMED_ONCE, PopulationExistsAlready):
        found.name = given.get("name", found.name)
    record(actor, "population.changed", found)
    return found


def archive_population(actor: Actor, population_id: UUID) -> Population:
    """Put a population away; what was made with it stays as it was. Raises NotFound, PopulationArchived."""
    found = populations.population(actor, population_id, lock=True)
    if found.archived_at is not None:
        raise PopulationArchived
    found.archived_at = clock.now()
    db.session().flush()
    record(actor, "population.archived", found)
    return found


def count_later(actor: Actor) -> None:
    """Have the organization's populations counted again, in the background."""
    jobs.defer("accounts.count_populations", actor.organization_id)


def count_again(actor: Actor) -> None:
    """Count the populations in use as they are now."""
    rows = populations.populations_seen_by(actor).where(Population.archived_at.is_(None))
    for one in db.session().scalars(rows.order_by(Population.id).with_for_update()).all():
        one.counted, one.counted_at = populations.count(actor, one.criteria), clock.now()


def _standing(actor: Actor, population_id: UUID, expected: str) -> Population:
    found = populations.population(actor, population_id, lock=True)
    versions.require(expected, found.version_tag)
    if found.archived_at is not None:
        raise PopulationArchived
    return found


def _keep_version(of: Population) -> None:
    db.session().add(
        PopulationVersion(
            organization_id=of.organization_id,
            population_id=of.id,
            version=of.version,
            criteria=of.criteria,
            counted=of.counted,
            recorded_at=of.counted_at,
        )
    )
    db.session().flush()


def _plain(criteria: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return criteria as they are kept: each with its values in order, once; one without values asks for nothing."""
    return {
        name: sorted({value.value if isinstance(value, StrEnum) else value for value in criteria.get(name, ())})
        for name in populations.CRITERIA
    }
