"""Accounts as the rows of a file."""

from typing import Final

from partnercrm.integrations.contents.kind import ImportKind, Kind

_ALIASES: Final = {
    "external_id": (
        *("externalid", "accountid", "companyid", "customerid", "customernumber", "kundennummer", "recordid", "key"),
        *("schlussel", "id", "nummer", "nr", "no"),
    ),
    "name": (
        *("name", "accountname", "companyname", "company", "account", "firma", "unternehmen", "kunde", "kundenname"),
        *("organisation", "organization", "customer", "client", "legalname"),
    ),
    "web_domains": (
        *("webdomains", "webdomain", "domains", "domain", "companydomain", "website", "webseite", "web", "url"),
        *("homepage", "internet"),
    ),
    "mail_domains": ("maildomains", "maildomain", "emaildomain", "emaildomains", "mailadresse", "email", "mail"),
    "lei": ("lei", "leicode", "legalentityidentifier"),
    "vat": ("vat", "vatnumber", "vatid", "vatregistrationnumber", "ustidnr", "ustid", "umsatzsteuerid", "taxid"),
    "duns": ("duns", "dunsnumber", "dunsnr"),
    "national": (
        *("national", "nationalnumber", "registernumber", "registrationnumber", "companynumber", "handelsregister"),
        *("handelsregisternummer", "hrnummer", "siren", "registernummer"),
    ),
    "street": ("street", "billingstreet", "address", "addressline1", "strasse", "anschrift", "adresse"),
    "postal_code": ("postalcode", "billingpostalcode", "zip", "zipcode", "postcode", "plz", "postleitzahl"),
    "city": ("city", "billingcity", "town", "stadt", "ort"),
    "region": ("region", "state", "billingstate", "province", "bundesland", "county"),
    "country": ("country", "countrycode", "billingcountrycode", "billingcountry", "land", "landescode", "iso"),
    "industry": ("industry", "sector", "branche", "segment"),
    "size_band": ("sizeband", "companysize", "size", "employees", "mitarbeiter", "grosse"),
    "relationship": ("relationship", "type", "accounttype", "status", "beziehung", "typ"),
    "owner_email": ("owneremail", "owner", "accountowner", "verantwortlich", "owneraddress", "betreuer"),
    "parent_external_id": (
        *("parentexternalid", "parentid", "parentaccountid", "parent", "parentaccount", "muttergesellschaft"),
        *("konzernmutter",),
    ),
}
ACCOUNTS: Final = Kind(
    ImportKind.ACCOUNTS,
    scope="accounts:write",
    oversight="accounts:write",
    aliases=_ALIASES,
    needed=("external_id", "name"),
)
