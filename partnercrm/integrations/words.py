"""What states of imports and ways of writing files are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.integrations.contents import ImportKind
from partnercrm.integrations.models import ImportState
from partnercrm.integrations.reading import DateForm, DecimalMark
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    ImportKind: {
        ImportKind.LEADS: _("Leads"),
        ImportKind.ACCOUNTS: _("Accounts"),
    },
    ImportState: {
        ImportState.READY: _("Waiting for you"),
        ImportState.CHECKING: _("Being checked"),
        ImportState.CHECKED: _("Checked"),
        ImportState.APPLYING: _("Being entered"),
        ImportState.APPLIED: _("Entered"),
        ImportState.FAILED: _("Failed"),
        ImportState.CANCELLED: _("Cancelled"),
        ImportState.UNDOING: _("Being undone"),
        ImportState.UNDONE: _("Undone"),
    },
    DecimalMark: {
        DecimalMark.PLAIN: _("Whole numbers: 1234"),
        DecimalMark.POINT: _("Decimal point: 1,234.50"),
        DecimalMark.COMMA: _("Decimal comma: 1.234,50"),
    },
    DateForm: {
        DateForm.ISO: _("Year first: 2026-03-14"),
        DateForm.DAY_FIRST: _("Day first: 14.03.2026"),
        DateForm.MONTH_FIRST: _("Month first: 03/14/2026"),
    },
}
DELIMITERS: Final = {
    "comma": (",", _("Comma")),
    "semicolon": (";", _("Semicolon")),
    "tab": ("\t", _("Tab")),
    "bar": ("|", _("Bar |")),
}
_LEAD: Final = {
    "external_id": _("Id in that system"),
    "company_name": _("Company"),
    "need": _("What the customer needs"),
    "company_domain": _("Web domain"),
    "country": _("Country (code)"),
    "industry": _("Industry"),
    "size_band": _("Company size (band)"),
    "contact_name": _("Contact's name"),
    "contact_role": _("Contact's role"),
    "contact_email": _("Contact's e-mail"),
    "contact_basis": _("Why the contact may be passed on"),
    "contact_channels": _("By what the contact may be approached"),
    "contact_source": _("Where the contact's data come from"),
    "contact_source_note": _("More about the source"),
    "contact_information": _("Whether the contact was informed"),
    "contact_informed_on": _("Day the contact was informed"),
    "value.amount": _("Expected value"),
    "value.currency": _("Currency"),
    "expected_close_on": _("Expected close"),
    "notes": _("Notes"),
    "owner_email": _("Colleague who keeps the lead (e-mail)"),
}
_ACCOUNT: Final = {
    "external_id": _("Id in that system"),
    "name": _("Company"),
    "web_domains": _("Web domains"),
    "mail_domains": _("Mail domains"),
    "lei": _("LEI"),
    "vat": _("VAT number"),
    "duns": _("D-U-N-S number"),
    "national": _("Number in the national register"),
    "street": _("Street"),
    "postal_code": _("Postal code"),
    "city": _("City"),
    "region": _("Region"),
    "country": _("Country (code)"),
    "industry": _("Industry"),
    "size_band": _("Company size (band)"),
    "relationship": _("Relationship"),
    "owner_email": _("Colleague who owns the account (e-mail)"),
    "parent_external_id": _("Id of the parent company there"),
}
FIELDS: Final = {ImportKind.LEADS: _LEAD, ImportKind.ACCOUNTS: _ACCOUNT}
