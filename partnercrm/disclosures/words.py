"""What parts and fields of disclosures are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.disclosures.models import Part
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Part: {
        Part.TEASER: _("Teaser"),
        Part.COMPANY: _("Company's name"),
        Part.DETAILS: _("Company and contact"),
        Part.VALUE: _("Exact value"),
    },
}
FIELDS: Final = {
    "need": _("need"),
    "country": _("country"),
    "industry": _("industry"),
    "size_band": _("company size"),
    "contact_role": _("contact's role"),
    "value_band": _("value as a band"),
    "company_name": _("company"),
    "company_domain": _("company's domain"),
    "contact_name": _("contact's name"),
    "contact_email": _("contact's address"),
    "contact_basis": _("why the contact may be passed on"),
    "contact_channels": _("channels"),
    "contact_source": _("source of the contact's data"),
    "contact_source_note": _("more about the source"),
    "contact_information": _("whether the contact was informed"),
    "contact_informed_on": _("day of information"),
    "value": _("value"),
    "message": _("message"),
}
