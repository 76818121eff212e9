"""Suggesting from a file's column names which of them are which fields of a lead."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

# Names that systems and people give their columns, reduced to small letters and figures; the likelier ones first.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "external_id": (
        *(
            "externalid",
            "opportunityid",
            "leadid",
            "dealid",
            "recordid",
            "key",
            "schlussel",
            "id",
            "nummer",
            "nr",
            "no",
        ),
    ),
    "company_name": (
        "companyname",
        "company",
        "accountname",
        "account",
        "firma",
        "unternehmen",
        "kunde",
        "organisation",
        "organization",
        "customer",
        "client",
        "kundenname",
    ),
    "company_domain": ("companydomain", "domain", "website", "webseite", "web", "url", "homepage"),
    "country": ("country", "countrycode", "land", "landescode", "iso"),
    "industry": ("industry", "sector", "branche", "segment"),
    "size_band": ("sizeband", "companysize", "size", "employees", "mitarbeiter", "grosse"),
    "need": ("need", "product", "bedarf", "produkt", "interest", "opportunityname", "subject", "thema", "dealname"),
    "contact_name": ("contactname", "contact", "ansprechpartner", "kontakt", "person"),
    "contact_role": ("contactrole", "role", "jobtitle", "title", "position", "funktion", "rolle"),
    "contact_email": ("contactemail", "email", "mail", "emailaddress", "emailadresse"),
    "contact_basis": ("contactbasis", "legalbasis", "rechtsgrundlage", "consent"),
    "contact_channels": ("contactchannels", "channels", "permittedchannels", "kanale", "kontaktwege"),
    "contact_source": ("contactsource", "datasource", "datenquelle", "datenherkunft"),
    "contact_source_note": ("contactsourcenote",),
    "contact_information": ("contactinformation", "privacynotice", "informationsstatus"),
    "contact_informed_on": ("contactinformedon", "informedon", "privacynoticesent", "informiertam"),
    "value.amount": (
        "valueamount",
        "value",
        "amount",
        "closevalue",
        "dealvalue",
        "wert",
        "betrag",
        "umsatz",
        "volumen",
    ),
    "value.currency": ("valuecurrency", "currency", "wahrung", "currencycode", "isocurrency"),
    "expected_close_on": (
        *("expectedcloseon", "expectedclosedate", "expectedclose", "closedate", "closeon", "closingdate"),
        *("abschlussdatum", "abschluss", "erwarteterabschluss", "abschlussam"),
    ),
    "notes": ("notes", "note", "description", "notiz", "notizen", "bemerkung", "comment", "kommentar", "beschreibung"),
    "owner_email": ("owneremail", "owner", "salesagentemail", "verantwortlich", "owneraddress"),
}


def suggested(header: Sequence[str]) -> dict[str, str]:
    """Return the column that seems to hold each field; fields no column is named after are left out."""
    plain = {_plain(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        column = next((plain[name] for name in names if name in plain), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", letters)
