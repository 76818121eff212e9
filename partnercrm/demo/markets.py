"""The accounts of the demo's two companies: about 400 each, a third of them the same companies, written as each writes.

Pure and seeded: what one side writes with a legal form and umlauts the other abbreviates, transliterates or lacks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from stdnum.iso7064 import mod_11_10

from partnercrm.demo import generator, plan

SEED: Final = 29
EACH: Final = 400
SHARED: Final = 140
OWNERS: Final = {
    "acme": ("sam@acme.example", "theo@acme.example", "nora@acme.example", "dana@acme.example", None),
    "globex": ("gina@globex.example", "omar@globex.example", "hank@globex.example", None),
}
_FAMILIES: Final = (
    "Gröner", "Möllendorf", "Kärcherich", "Süßbauer", "Weißhaupt", "Brückmann", "Lüdersen", "Jäckelmann", "Höfling",
    "Zöllerich", "Ångreen", "Söderfelt", "Nørgart", "Bélanval", "Garçonet", "Peñarola", "Van Oostrum", "O'Carrick",
    "Whitcombe", "Haldane", "Marchetto", "Kowalnik", "Blackmoorly", "Castellane", "Dubrovik",
)  # fmt: skip
_TRADES: Final = (
    ("Maschinenbau", "Manufacturing"), ("Spedition", "Logistics"), ("Bäckereien", "Food"),
    ("Werkzeuge", "Manufacturing"),
    ("Systems International", "Software"), ("Manufacturing", "Manufacturing"), ("Energy Services", "Energy"),
    ("Kliniken", "Health"), ("Holding", "Finance"), ("Logistics", "Logistics"), ("Verlag", "Media"),
    ("Gebäudetechnik", "Construction"), ("Engineering", "Construction"), ("Papierfabrik", "Forestry"),
    ("Textile Group", "Retail"), ("Optics", "Manufacturing"), ("Seafood", "Food"), ("Data Centers", "Software"),
    ("Armaturen", "Manufacturing"), ("Pharma", "Health"),
)  # fmt: skip
_FORMS: Final = {
    "DE": ("GmbH", "AG", "GmbH & Co. KG", "KG"), "AT": ("GmbH", "AG"), "CH": ("AG", "GmbH"), "NL": ("B.V.",),
    "FR": ("SAS", "SARL"), "US": ("Inc.", "LLC", "Corp."), "SE": ("AB",), "GB": ("Ltd.", "plc"),
}  # fmt: skip
_CITIES: Final = {
    "DE": (("Hamburg", "20457"), ("Köln", "50667"), ("München", "80331"), ("Nürnberg", "90402")),
    "AT": (("Wien", "1010"), ("Graz", "8010")), "CH": (("Zürich", "8001"), ("Basel", "4001")),
    "NL": (("Rotterdam", "3011"),), "FR": (("Lyon", "69002"), ("Orléans", "45000")), "SE": (("Malmö", "21119"),),
    "US": (("Columbus", "43215"), ("Austin", "78701")), "GB": (("Leeds", "LS1 4AP"), ("Bristol", "BS1 5TR")),
}  # fmt: skip
_OTHERWISE: Final = {
    "GmbH & Co. KG": "GmbH&Co.KG", "GmbH": "Gesellschaft mbH", "AG": "Aktiengesellschaft", "B.V.": "BV",
    "Inc.": "Incorporated", "Corp.": "Corporation", "Ltd.": "Limited", "AB": "Aktiebolag", "SAS": "S.A.S.",
}  # fmt: skip
_SHORTER: Final = {
    "Maschinenbau": "Masch.-Bau", "International": "Intl.", "Manufacturing": "Mfg.", "Engineering": "Eng.",
    "Services": "Svcs.", "Gebäudetechnik": "Gebäudetechn.", "Logistics": "Log.", "Group": "Grp.",
}  # fmt: skip
_LETTERS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "a", "Å": "A", "ø": "o", "é": "e", "ç": "c", "ñ": "n"}
)
_STREETS: Final = ("Hafenstraße", "Bahnhofstraße", "Station Road", "Market Street")
_SIZES: Final = ("1-9", "10-49", "50-249", "250-999", "1000+")
_RELATIONSHIPS: Final = ("customer", "open_opportunity", "prospect")


@dataclass(frozen=True, slots=True)
class Company:
    """A company as it is, however anybody writes it."""

    name: str
    form: str
    domain: str
    industry: str
    size_band: str
    country: str
    place: tuple[str, str]
    street: str
    vat: str | None


def lists() -> dict[str, list[dict[str, Any]]]:
    """Return the accounts of each company as its CRM would send them, with the address of each owner."""
    random = Random(SEED)
    companies = list(_companies(random))
    random.shuffle(companies)
    shared, rest = companies[:SHARED], companies[SHARED:]
    own = EACH - SHARED
    kept = {"acme": shared + rest[:own], "globex": shared + rest[own : 2 * own]}
    return {
        side: [_item(random, side, number, company) for number, company in enumerate(kept[side])] for side in OWNERS
    }


def _companies(random: Random) -> Iterator[Company]:
    for known in generator.accounts(plan.SEED):
        yield _company(random, known.name, known.domain, known.industry, known.country)
    for family in _FAMILIES:
        for trade, industry in _TRADES:
            name = f"{family} & Söhne {trade}" if random.random() < 0.15 else f"{family} {trade}"
            stem = f"{family}-{trade}".lower().translate(_LETTERS).replace(" ", "-").replace("'", "")
            yield _company(random, name, f"{stem}.example", industry, random.choice(list(_FORMS)))


def _company(random: Random, name: str, domain: str, industry: str, country: str) -> Company:
    digits = f"{random.randint(1_000_000, 99_999_999):08d}"
    vat = f"{digits}{mod_11_10.calc_check_digit(digits)}" if country == "DE" and digits[0] != "0" else None
    return Company(
        name=name,
        form=random.choice(_FORMS[country]),
        domain=domain,
        industry=industry,
        size_band=random.choice(_SIZES),
        country=country,
        place=random.choice(_CITIES[country]),
        street=f"{random.choice(_STREETS)} {random.randint(1, 180)}",
        vat=vat,
    )


def _item(random: Random, side: str, number: int, company: Company) -> dict[str, Any]:
    writes_in_full = side == "acme"
    city, postal_code = company.place
    name = f"{company.name} {company.form}" if writes_in_full else _written(random, company)
    item: dict[str, Any] = {
        "connector": "crm",
        "external_id": f"{side[0].upper()}{number + 1:05d}",
        "name": name,
        "street": company.street if random.random() < 0.8 else None,
        "postal_code": postal_code if random.random() < 0.9 else None,
        "city": city if writes_in_full else city.translate(_LETTERS),
        "country": company.country,
        "industry": company.industry,
        "size_band": company.size_band if random.random() < 0.85 else None,
        "relationship": random.choices(_RELATIONSHIPS, (35, 15, 50))[0],
        "web_domains": [company.domain] if random.random() < 0.78 else [],
        "mail_domains": [company.domain] if random.random() < 0.4 else [],
        "owner": random.choice(OWNERS[side]),
    }
    if company.vat and random.random() < 0.5:
        item["numbers"] = [("vat", "DE", company.vat)]
    return item


def _written(random: Random, company: Company) -> str:
    """Write a company's name as somebody else would: form, letters and long words differ."""
    name = company.name
    for word, shorter in _SHORTER.items():
        if random.random() < 0.4:
            name = name.replace(word, shorter)
    if random.random() < 0.5:
        name = name.translate(_LETTERS)
    if random.random() < 0.5:
        name = name.replace(" & ", " und ")
    chance = random.random()
    form = "" if chance < 0.35 else _OTHERWISE.get(company.form, company.form) if chance < 0.65 else company.form
    written = f"{name} {form}".strip()
    return written.upper() if random.random() < 0.08 else written
