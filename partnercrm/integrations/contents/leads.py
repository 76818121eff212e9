"""Leads as the rows of a file."""

from typing import Final

from partnercrm.integrations.contents.kind import ImportKind, Kind

_ALIASES: Final = {
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
LEADS: Final = Kind(
    ImportKind.LEADS,
    scope="leads:write",
    oversight="leads:all",
    aliases=_ALIASES,
    needed=("external_id", "company_name", "need"),
    amount="value.amount",
    days=("contact_informed_on", "expected_close_on"),
)
