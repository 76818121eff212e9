"""What must be known about passing on a contact person; without it name and address stay and only the role travels.

The words follow Articles 6, 13 and 14 of the General Data Protection Regulation.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final


class ContactBasis(StrEnum):
    """On what legal basis a contact person's data may be passed on (Article 6)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGITIMATE_INTEREST = "legitimate_interest"


class Channel(StrEnum):
    """By what a contact person may be approached."""

    EMAIL = "email"
    IN_PERSON = "in_person"
    PHONE = "phone"
    POST = "post"
    SOCIAL_NETWORK = "social_network"


class ContactSource(StrEnum):
    """Where a contact person's data come from (Article 14(2)(f)); from the person alone it is Article 13's case."""

    PERSON = "person"
    EMPLOYER = "employer"
    PUBLIC = "public"
    THIRD_PARTY = "third_party"


class Information(StrEnum):
    """Whether the person was told who keeps their data and why; Article 14(5) says who need not be."""

    INFORMED = "informed"
    NOT_YET = "not_yet"
    EXEMPT = "exempt"


NEEDED: Final = ("contact_basis", "contact_channels", "contact_source", "contact_information")
TO_COME: Final = "This day has not come yet."
TRAVELLING: Final = ("contact_name", "contact_email", *NEEDED, "contact_source_note", "contact_informed_on")


def missing(contact: Any) -> list[str]:
    """Return the fields for want of which name and address stay where they are; none where there is neither."""
    if not (contact.contact_name or contact.contact_email):
        return []
    lacking = [name for name in NEEDED if not getattr(contact, name)]
    if contact.contact_information is Information.INFORMED and contact.contact_informed_on is None:
        lacking.append("contact_informed_on")
    return lacking


def channels(names: Iterable[str] | None) -> list[Channel]:
    """Return stored channels as what they are."""
    return [Channel(name) for name in names or ()]


def contradicts(given: Mapping[str, Any]) -> bool:
    """Tell whether somebody is said to be not informed, and to have been so on a day."""
    uninformed = given.get("contact_information") not in {None, Information.INFORMED}
    return uninformed and given.get("contact_informed_on") is not None


def is_to_come(given: Mapping[str, Any], today: date) -> bool:
    """Tell whether somebody is said to have been informed on a day that has not come yet."""
    informed_on = given.get("contact_informed_on")
    return informed_on is not None and informed_on > today


def settled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of a contact that were sent, with what follows from them.

    Channels are a set, and none of them is not to know any; who was informed on a day is informed, and who is not was
    so on no day.
    """
    fields = dict(given)
    if "contact_channels" in fields:
        fields["contact_channels"] = sorted(set(fields["contact_channels"] or ())) or None
    if fields.get("contact_informed_on") is not None:
        fields["contact_information"] = Information.INFORMED
    elif fields.get("contact_information", Information.INFORMED) is not Information.INFORMED:
        fields["contact_informed_on"] = None
    return fields
