"""Whether the same company's need is with a partner already: offered or accepted one after the other, never at once."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.companies import KEYS_VERSION, Keys, keys_of
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import Offer, OfferDetails
from partnercrm.leads.queries.exchange import DetailsSeen, details_seen_by

_LOCK_COMPANY: Final = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"

_KEYS: Final = bindparam("keys", type_=ARRAY(Text))


def lock_company(partnership_id: UUID, details: OfferDetails | DetailsSeen) -> None:
    """Let others who offer or accept the same company's need in the partnership wait for this transaction."""
    names = [f"offer/{partnership_id}/{key}" for key in sorted(_keys_of(details))]
    db.driver_connection().execute(_LOCK_COMPANY, [names])


def same_lead(
    actor: Actor, partnership_id: UUID, details: OfferDetails | DetailsSeen, statuses: Collection[OfferStatus]
) -> UUID | None:
    """Return another offer of the same company's need in the partnership, in one of the statuses, that the actor sees.

    What the other side keeps to itself, and what it offered but is not yet revealed, plays no part.
    """
    compared = {"keys": list(_keys_of(details)), "offer_id": details.offer_id}
    values = db.reading(actor) | compared | {"partnership_id": partnership_id, "statuses": list(statuses)}
    return next((row.offer_id for row in db.rows(_same(details_seen_by), values)), None)


def _keys_of(details: OfferDetails | DetailsSeen) -> Collection[str]:
    kept = Keys(details.company_key, details.name_key)
    return keys_of(details.company_name, details.company_domain, kept)


@cache
def _same(seen_by: Callable[[Actor], Select[OfferDetails]]) -> Select[UUID]:
    return (
        seen_by(db.READER)
        .with_only_columns(OfferDetails.offer_id)
        .join(Offer, Offer.id == OfferDetails.offer_id)
        .where(
            OfferDetails.partnership_id == bindparam("partnership_id"),
            or_(OfferDetails.company_key == any_(_KEYS), OfferDetails.name_key == any_(_KEYS)),
            OfferDetails.offer_id.is_distinct_from(bindparam("offer_id", type_=Uuid())),
            Offer.status.in_(bindparam("statuses", expanding=True)),
        )
        .limit(1)
    )


def kept_by_an_earlier_rule(actor: Actor, most: int) -> Sequence[OfferDetails]:
    """Return what the actor's organization gave whose keys are to be made anew, locked; what others work at is left."""
    rows = _of_an_earlier_rule(actor).order_by(OfferDetails.offer_id).limit(most)
    return db.session().scalars(rows.with_for_update(skip_locked=True)).all()


def count_of_an_earlier_rule(actor: Actor) -> int:
    """Return how many keys of what the actor's organization gave are to be made anew."""
    return db.session().execute(_of_an_earlier_rule(actor).with_only_columns(func.count())).scalar_one()


def _of_an_earlier_rule(actor: Actor) -> Select[OfferDetails]:
    mine = OfferDetails.giver_id == actor.organization_id
    return select(OfferDetails).where(mine, OfferDetails.keys_version < KEYS_VERSION)
