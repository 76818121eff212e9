"""Seals: what a side commits to in an exchange round, written down in one way, and the hash it shows meanwhile; pure.

A commitment is SHA-256(salt | document), the document as JSON with its keys sorted, without spaces, in UTF-8. A seal's
document holds the teasers, and of each lead's details only their commitment under a salt of their own: so that either
side can check at once what it may read, and the details once they open to it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from partnercrm.accounts.contacts import TRAVELLING

VERSION: Final = 1
SALT_BYTES: Final = 32
DETAILS: Final = ("company_name", "company_domain", *TRAVELLING, "value_minor", "currency", "message")
Json = dict[str, Any]


class SealedLead(NamedTuple):
    """One lead of a seal: the offer it becomes, what both read from then on, and the commitment to the rest."""

    offer_id: UUID
    teaser: Json
    details: bytes


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one way in which a document is written down."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(salt: bytes, document: Mapping[str, Any]) -> bytes:
    """Return what a side shows of a document before it opens it."""
    return hashlib.sha256(salt + canonical(document)).digest()


def plain(columns: Mapping[str, Any]) -> Json:
    """Return columns as JSON values: ids, days and choices as text; whole numbers, flags and nothing as they are."""
    return {name: _plain(value) for name, value in columns.items()}


def details_document(columns: Mapping[str, Any]) -> Json:
    """Return the document of one lead's details, from the columns of what travels; what is not there is null."""
    return plain({name: columns.get(name) for name in DETAILS})


def seal_document(round_id: UUID, organization_id: UUID, terms_version: int, leads: Sequence[SealedLead]) -> Json:
    """Return the document of one side's seal, its leads ordered by the offers they become."""
    return {
        "version": VERSION,
        "round_id": str(round_id),
        "organization_id": str(organization_id),
        "terms_version": terms_version,
        "leads": [
            {"offer_id": str(one.offer_id), "teaser": one.teaser, "details": one.details.hex()}
            for one in sorted(leads, key=lambda one: one.offer_id)
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (list, tuple)) else value
