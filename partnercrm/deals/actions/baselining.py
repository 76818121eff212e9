"""Stating what one's own side wins alone; the other side sees nothing of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.deals.models.baselines import SalesBaseline
from partnercrm.deals.queries import baselines
from partnercrm.deals.queries.baselines import OwnSales
from partnercrm.deals.queries.involving import MONTHS
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships


def state_sales_baseline(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> OwnSales:
    """State what the actor's side wins alone; said again it stands anew. Raises NotFound."""
    partnerships.held_partnership(actor, partnership_id)
    value = given.get("value")
    changing = {
        "won": given["won"],
        "lost": given["lost"],
        "value_minor": value.minor if value else None,
        "currency": value.currency if value else None,
        "days": given.get("days"),
        "stated_at": clock.now(),
    }
    stated = insert(SalesBaseline).values(
        organization_id=actor.organization_id, partnership_id=partnership_id, **changing
    )
    db.session().execute(stated.on_conflict_do_update(constraint="pk_sales_baselines", set_=changing))
    return baselines.own_sales(actor, partnership_id, MONTHS)
