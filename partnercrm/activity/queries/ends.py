"""Reading where a chain ends, and what still waits behind its end."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from partnercrm.activity.models import AuditChain, SharedAuditChain
from partnercrm.activity.queries import Chain, chains_seen_by, shared_chains_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page


def chain_with_end(actor: Actor, partnership_id: UUID | None) -> tuple[Chain, AuditChain | SharedAuditChain]:
    """Return the chain of the actor's organization, or that of a partnership of it. Raises NotFound."""
    rows: Select[Any] = chains_seen_by(actor) if partnership_id is None else shared_chains_seen_by(actor)
    chain = Chain.of(actor, partnership_id)
    found = db.session().scalars(rows.where(chain.mine(chain.chains))).one_or_none()
    if found is None:
        raise NotFound
    return chain, found


def shared_chains(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the chains of the partnerships of the actor's organization; the newest partnership's first."""
    key = SharedAuditChain.partnership_id
    return page(actor, shared_chains_seen_by(actor), given, sorts={"partnership_id": key}, key=key)


def own_chain(actor: Actor) -> AuditChain | None:
    """Return where the chain of the actor's organization ends; None before anything was sealed."""
    return db.session().scalars(chains_seen_by(actor)).one_or_none()


def waiting(chain: Chain, settled: int) -> int:
    """Return how many rows of a chain wait to be sealed, 1,000 at most."""
    rows = select(chain.rows.id).where(chain.mine(chain.rows), chain.rows.xact >= settled, chain.unlinked()).limit(1000)
    return db.session().execute(select(func.count()).select_from(rows.subquery())).scalar_one()
