"""What relationships, registers and sizes are called on pages, and what is known of contacts."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.accounts.candidates import Answer
from partnercrm.accounts.contacts import Channel, ContactBasis, ContactSource, Information
from partnercrm.accounts.duplicates import Reason
from partnercrm.accounts.flowing import FlowKind
from partnercrm.accounts.joint import JointStatus
from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.numbers import Scheme
from partnercrm.accounts.plans import ItemKind, Stance
from partnercrm.accounts.probing import Tripwire
from partnercrm.accounts.receipts import Through
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.accounts.tiers import AccountField, MappingTier
from partnercrm.web import frame
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    MappingTier: {
        MappingTier.HIDDEN: _("Nothing"),
        MappingTier.COUNTS: _("How many, roughly"),
        MappingTier.OVERLAPS: _("Which of their own the other has"),
        MappingTier.OVERLAPS_WITH_FIELDS: _("Which, with fields"),
        MappingTier.ONLY_YOURS: _("All, also what only one has"),
    },
    AccountField: {
        AccountField.NAME: _("Name"),
        AccountField.DOMAIN: _("Web domain"),
        AccountField.CITY: _("City"),
        AccountField.COUNTRY: _("Country"),
        AccountField.INDUSTRY: _("Industry"),
        AccountField.SIZE_BAND: _("Company size"),
        AccountField.RELATIONSHIP: _("Relationship"),
        AccountField.OWNER: _("Whom to ask"),
    },
    JointStatus: {
        JointStatus.PROPOSED: _("Proposed"),
        JointStatus.OPEN: _("Open"),
        JointStatus.CLOSED: _("Closed"),
    },
    FlowKind: {
        FlowKind.LEAD: _("Leads"),
        FlowKind.OVERLAP: _("Accounts in common"),
        FlowKind.JOINT_ACCOUNT: _("Joint accounts"),
    },
    Through: {
        Through.MAPPING: _("an account mapping"),
        Through.JOINT_ACCOUNT: _("a joint account"),
        Through.OFFER: _("a lead"),
        Through.REGISTRATION: _("a registered deal"),
        Through.MUTUAL_YES: _("a mutual yes"),
    },
    ItemKind: {
        ItemKind.STAKEHOLDER: _("Somebody at the customer"),
        ItemKind.PLAY: _("Play"),
        ItemKind.NEXT_STEP: _("Next step"),
    },
    Stance: {
        Stance.SUPPORTS: _("Supports it"),
        Stance.NEUTRAL: _("Neutral"),
        Stance.AGAINST: _("Against it"),
        Stance.UNKNOWN: _("Unknown"),
    },
    MappingStatus: {
        MappingStatus.PROPOSED: _("Proposed"),
        MappingStatus.AGREED: _("Agreed"),
        MappingStatus.DECLINED: _("Declined"),
        MappingStatus.WITHDRAWN: _("Taken back"),
        MappingStatus.STOPPED: _("Stopped"),
    },
    Answer: {
        Answer.CONFIRMED: _("Tell each other"),
        Answer.REJECTED: _("Another company"),
    },
    Tripwire: {
        Tripwire.MATCH_RATIO: _("more than half of a list is in common"),
        Tripwire.LIST_GROWTH: _("a list changed by more than a tenth in 30 days"),
        Tripwire.FICTITIOUS: _("a list holds what the other side made up"),
    },
    Relationship: {
        Relationship.CUSTOMER: _("Customer"),
        Relationship.OPEN_OPPORTUNITY: _("Open opportunity"),
        Relationship.PROSPECT: _("Prospect"),
    },
    Reason: {
        Reason.NUMBER: _("Same number"),
        Reason.DOMAIN: _("Same domain"),
        Reason.NAME: _("Same name"),
    },
    Scheme: {
        Scheme.LEI: _("LEI"),
        Scheme.VAT: _("VAT number"),
        Scheme.DUNS: _("D-U-N-S number"),
        Scheme.NATIONAL: _("National register"),
    },
    SizeBand: {
        SizeBand.UNDER_10: _("1 to 9 people"),
        SizeBand.FROM_10: _("10 to 49 people"),
        SizeBand.FROM_50: _("50 to 249 people"),
        SizeBand.FROM_250: _("250 to 999 people"),
        SizeBand.OVER_1000: _("1,000 people or more"),
    },
    ContactBasis: {
        ContactBasis.CONSENT: _("The contact agreed"),
        ContactBasis.CONTRACT: _("A contract with the contact needs it"),
        ContactBasis.LEGITIMATE_INTEREST: _("Legitimate interest, weighed"),
    },
    Channel: {
        Channel.EMAIL: _("E-mail"),
        Channel.IN_PERSON: _("In person"),
        Channel.PHONE: _("Telephone"),
        Channel.POST: _("Post"),
        Channel.SOCIAL_NETWORK: _("Social network"),
    },
    ContactSource: {
        ContactSource.PERSON: _("From the contact"),
        ContactSource.EMPLOYER: _("From the company they work for"),
        ContactSource.PUBLIC: _("Publicly accessible"),
        ContactSource.THIRD_PARTY: _("From somebody else"),
    },
    Information: {
        Information.INFORMED: _("The contact was informed"),
        Information.NOT_YET: _("Not informed yet"),
        Information.EXEMPT: _("Need not be informed"),
    },
}
TOLD: Final = {
    "name": _("Name"),
    "domain": _("Web domain"),
    "city": _("City"),
    "country": _("Country"),
    "industry": _("Industry"),
    "size_band": _("Company size"),
    "relationship": _("Relationship"),
    "owner": _("Whom to ask"),
    "number": _("Register number"),
    "company_name": _("Company's name"),
    "company_domain": _("Company's domain"),
    "need": _("Need"),
    "contact_role": _("Contact's role"),
    "contact_name": _("Contact's name"),
    "contact_email": _("Contact's address"),
    "value": _("Value"),
    "value_band": _("Value as a band"),
    "message": _("Message"),
    "product_line": _("Product line of a deal"),
    "involvement": _("Part in a deal"),
    "entry_stage": _("How far a deal was"),
    "lost_before": _("Lost before"),
    "close_on": _("When a deal is expected"),
    "asks": _("What is asked for a deal"),
    "evidence": _("Steps a deal rests on"),
    "direct_deal": _("Whether there is a deal of our own"),
}
"""What a partner can know of a company, by any way."""


def contact_choices() -> dict[str, list[tuple[Any, ...]]]:
    """Return the choices of what is known of passing on a contact."""
    return {
        "bases": frame.choices(ContactBasis),
        "channels": [(value, words, "") for value, words in frame.choices(Channel)],
        "sources": frame.choices(ContactSource),
        "information": frame.choices(Information),
    }
