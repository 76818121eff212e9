"""What a partner can know of an account: which field, at which tier, since when, through what."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from partnercrm.partnerships.tiers import Tier


class Told(StrEnum):
    """What of an account a partner can have been told, and can be taken back."""

    NAME = "name"
    DOMAIN = "domain"
    CITY = "city"
    COUNTRY = "country"
    INDUSTRY = "industry"
    SIZE_BAND = "size_band"
    RELATIONSHIP = "relationship"
    OWNER = "owner"
    NUMBER = "number"


class Through(StrEnum):
    """By what a partner came to know it."""

    MAPPING = "mapping"
    JOINT_ACCOUNT = "joint_account"
    OFFER = "offer"
    REGISTRATION = "registration"
    MUTUAL_YES = "mutual_yes"


class Receipt(NamedTuple):
    """One field that a partner knows; `through_id` is what told it: the mapping, joint account, offer and so on."""

    partnership_id: UUID
    field: str
    tier: Tier
    since: datetime
    through: Through
    through_id: UUID
