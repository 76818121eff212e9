"""Populations over the API: named segments of one's accounts, counted and versioned."""

from typing import Any
from uuid import UUID

from partnercrm.accounts import schemas
from partnercrm.accounts.actions import populations
from partnercrm.accounts.errors import PopulationArchived, PopulationExistsAlready
from partnercrm.accounts.models.populations import Population
from partnercrm.accounts.queries import populations as reading
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("populations", prefix="/api/v1", description="Named segments of your accounts, to compare with a partner's.")


@api.post(
    "/populations",
    scope="accounts:write",
    body=schemas.MakePopulation,
    answers=schemas.PopulationView,
    status=201,
    refuses=(PopulationExistsAlready,),
    rechecks=reading.population,
)
def make_population(actor: Actor, given: dict[str, Any]) -> Population:
    """Give the accounts that fit criteria a name."""
    return populations.make_population(actor, given)


@api.get(
    "/populations", scope="accounts:read", answers=schemas.PopulationView, query=schemas.PopulationQuery, pages=True
)
def list_populations(actor: Actor, query: dict[str, Any]) -> Page:
    """List your organization's populations."""
    return reading.populations(actor, query)


@api.get("/populations/<uuid:population_id>", scope="accounts:read", answers=schemas.PopulationView)
def read_population(actor: Actor, population_id: UUID) -> Population:
    """Read one population."""
    return reading.population(actor, population_id)


@api.get(
    "/populations/<uuid:population_id>/versions",
    scope="accounts:read",
    answers=schemas.PopulationVersionView,
    query=schemas.PopulationVersionsQuery,
    pages=True,
)
def list_population_versions(actor: Actor, population_id: UUID, query: dict[str, Any]) -> Page:
    """List what a population was, version by version."""
    return reading.versions(actor, population_id, query)


@api.patch(
    "/populations/<uuid:population_id>",
    scope="accounts:write",
    body=schemas.ChangePopulation,
    answers=schemas.PopulationView,
    refuses=(PopulationArchived, PopulationExistsAlready),
    rechecks=reading.population,
)
def change_population(actor: Actor, population_id: UUID, given: dict[str, Any], expected: str) -> Population:
    """Change a population's name or criteria; other criteria are a new version."""
    return populations.change_population(actor, population_id, given, expected)


@api.post(
    "/populations/<uuid:population_id>/archive",
    scope="accounts:write",
    answers=schemas.PopulationView,
    refuses=(PopulationArchived,),
    rechecks=reading.population,
)
def archive_population(actor: Actor, population_id: UUID) -> Population:
    """Put a population away; what was made with it stays as it was."""
    return populations.archive_population(actor, population_id)
