"""The three tiers of disclosure, and which one each kind of detail of a lead has unless the partners agree otherwise.

Pure: the one vocabulary for terms, disclosures and reports.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Tier(StrEnum):
    """Who may know: anybody, both partners' members, or only those named for it."""

    PUBLIC = "public"
    PARTNER_INTERNAL = "partner_internal"
    NEED_TO_KNOW = "need_to_know"


class Detail(StrEnum):
    """A kind of detail of a lead that is disclosed or kept as one."""

    MARKET = "market"
    NEED = "need"
    COMPANY = "company"
    CONTACT = "contact"
    VALUE = "value"
    MESSAGE = "message"


USUAL: Final[Mapping[Detail, Tier]] = {
    Detail.MARKET: Tier.PARTNER_INTERNAL,
    Detail.NEED: Tier.PARTNER_INTERNAL,
    Detail.COMPANY: Tier.NEED_TO_KNOW,
    Detail.CONTACT: Tier.NEED_TO_KNOW,
    Detail.VALUE: Tier.NEED_TO_KNOW,
    Detail.MESSAGE: Tier.NEED_TO_KNOW,
}


def strictest(found: Iterable[Tier]) -> Tier:
    """Return the tier among these that lets the fewest know. ValueError for none."""
    return max(found, key=list(Tier).index)


def agreed(written: Mapping[str, str]) -> dict[Detail, Tier]:
    """Return the tier of every kind of detail: as written in the terms, else the usual one."""
    return {detail: Tier(written.get(detail.value, usual)) for detail, usual in USUAL.items()}
