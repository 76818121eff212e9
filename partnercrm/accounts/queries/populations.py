"""Reading populations, and which accounts belong to one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from partnercrm.accounts import queries
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.populations import Population, PopulationVersion
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

# By what an account can belong: never by whose it is, for a count would be a figure about that person.
CRITERIA: Final = ("relationship", "industry", "country", "size_band")
SORTS: Final[Mapping[str, Any]] = {"name": func.lower(Population.name), "created_at": Population.created_at}


def populations_seen_by(actor: Actor) -> Select[Population]:
    """Return the organization's populations."""
    return select(Population).where(Population.organization_id == actor.organization_id)


def populations(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of populations; those in use, unless archived ones are asked for."""
    archived = Population.archived_at.is_not(None)
    rows = populations_seen_by(actor).where(archived if given["archived"] else ~archived)
    return page(actor, rows, given, sorts=SORTS, key=Population.id)


def population(actor: Actor, population_id: UUID, *, lock: bool = False) -> Population:
    """Return one population. Raises NotFound."""
    rows = populations_seen_by(actor).where(Population.id == population_id)
    fresh = (rows.with_for_update() if lock else rows).execution_options(populate_existing=True)
    found = db.session().scalars(fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def versions(actor: Actor, population_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what a population was, version by version. Raises NotFound."""
    population(actor, population_id)
    rows = select(PopulationVersion).where(
        PopulationVersion.organization_id == actor.organization_id, PopulationVersion.population_id == population_id
    )
    return page(actor, rows, given, sorts={"version": PopulationVersion.version}, key=PopulationVersion.version)


def members(actor: Actor, of: Population) -> Select[UUID]:
    """Return the ids of the accounts that belong to a population now."""
    return belonging(actor, of.criteria)


def belonging(actor: Actor, criteria: Mapping[str, Sequence[str]]) -> Select[UUID]:
    """Return the ids of the accounts that have, of each criterion with values, one of these."""
    rows = queries.accounts_seen_by(actor)
    for name in CRITERIA:
        if criteria[name]:
            rows = rows.where(getattr(Account, name).in_(criteria[name]))
    return rows.with_only_columns(Account.id)


def count(actor: Actor, criteria: Mapping[str, Sequence[str]]) -> int:
    """Return how many accounts fit."""
    return db.session().scalar(select(func.count()).select_from(belonging(actor, criteria).subquery())) or 0
