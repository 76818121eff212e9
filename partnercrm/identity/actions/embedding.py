"""Saying where an organization's cards may be shown."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.models import Organization
from partnercrm.identity.queries import embedding
from partnercrm.identity.queries.embedding import Embedding
from partnercrm.kernel import db, versions
from partnercrm.kernel.actor import Actor


def change_embedding(actor: Actor, given: Mapping[str, Any], expected: str) -> Embedding:
    """Say whose pages may show the organization's cards: all that are named stand for all there were. Raises Stale.

    The record keeps who changed what to what.
    """
    before = embedding.embedding(actor, lock=True)
    versions.require(expected, before.version_tag)
    named = list(dict.fromkeys(given["origins"]))
    if named == list(before.origins):
        return before
    db.session().execute(
        update(Organization)
        .where(Organization.id == actor.organization_id)
        .values(embedding_origins=named, embedding_version=before.version + 1)
        .execution_options(synchronize_session=False)
    )
    record(actor, "embedding.changed", queries.organization(actor), was=list(before.origins), now=named)
    return embedding.embedding(actor)
