"""The API of where an organization's cards may be shown."""

from typing import Any

from partnercrm.identity.actions import embedding as actions
from partnercrm.identity.api.door import api
from partnercrm.identity.queries import embedding as queries
from partnercrm.identity.queries.embedding import Embedding
from partnercrm.identity.schemas.embedding import ChangeEmbedding, EmbeddingView
from partnercrm.kernel.actor import Actor


@api.get("/embedding", scope="identity:write", answers=EmbeddingView)
def read_embedding(actor: Actor) -> Embedding:
    """Read whose pages may show your organization's cards."""
    return queries.embedding(actor)


@api.patch("/embedding", scope="identity:write", body=ChangeEmbedding, answers=EmbeddingView)
def change_embedding(actor: Actor, given: dict[str, Any], expected: str) -> Embedding:
    """Say whose pages may show your organization's cards; the links of those you leave out are dead at once."""
    return actions.change_embedding(actor, given, expected)
