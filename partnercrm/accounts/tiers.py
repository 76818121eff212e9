"""How much of an overlap two sides tell each other: the tiers, the fields, and what two consents come to; pure."""

from enum import StrEnum
from typing import Final, NamedTuple


class MappingTier(StrEnum):
    """How much both sides learn; each tier tells all that the one before tells."""

    HIDDEN = "hidden"
    COUNTS = "counts"
    OVERLAPS = "overlaps"
    OVERLAPS_WITH_FIELDS = "overlaps_with_fields"
    ONLY_YOURS = "only_yours"


class AccountField(StrEnum):
    """What of an account can be agreed to travel; its owner travels as a member of the partnership or not at all."""

    NAME = "name"
    DOMAIN = "domain"
    CITY = "city"
    COUNTRY = "country"
    INDUSTRY = "industry"
    SIZE_BAND = "size_band"
    RELATIONSHIP = "relationship"
    OWNER = "owner"


class Disclosure(NamedTuple):
    """What either side reads at a tier.

    `counts`: how many companies both have, roughly; `which`: which of one's own accounts the other has too; `fields`:
    the agreed fields of the other side's accounts among these; `others`: of its accounts that only it has as well.
    """

    counts: bool
    which: bool
    fields: bool
    others: bool


class Consent(NamedTuple):
    """What a side is willing to tell."""

    tier: MappingTier
    fields: frozenset[AccountField] = frozenset()


_RANKS: Final = {tier: rank for rank, tier in enumerate(MappingTier)}


def discloses(tier: MappingTier) -> Disclosure:
    """Return what a tier tells, to both sides alike."""
    return Disclosure(*(_RANKS[tier] >= least for least in range(1, len(MappingTier))))


def settled(one: Consent, other: Consent) -> Consent:
    """Return what two sides tell each other: the lower of their tiers and the fields that both give.

    Without a field in common nothing names an account, so that no more than the overlap itself is told.
    """
    tier = min(one.tier, other.tier, key=_RANKS.__getitem__)
    fields = one.fields & other.fields
    if not discloses(tier).fields:
        return Consent(tier)
    return Consent(tier, fields) if fields else Consent(MappingTier.OVERLAPS)


def is_within(consent: Consent, proposed: Consent) -> bool:
    """Tell whether a consent tells nothing beyond what was proposed."""
    return settled(consent, proposed) == settled(consent, consent)
