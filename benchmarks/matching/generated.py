"""Lists of companies that never were, and what people do to names: deterministic, one seed one world.

A world has groups with subsidiaries, brands that several unconnected companies chose, trades, places and legal forms.
Each side knows a part of it, each in its own spelling.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final
from uuid import UUID

from benchmarks.matching.lists import Labelled, numbered
from benchmarks.matching.spoiling import respelled
from partnercrm.accounts.matching import Company

OVERLAP: Final = 0.3
_CONSONANTS: Final = (
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "v",
    "z",
)
_VOWELS: Final = ("a", "e", "i", "o", "u", "ai", "ea", "io")
_ENDS: Final = ("", "n", "r", "s", "x", "tec", "ra", "lo", "nix", "va", "mann", "ton", "ler", "son")
_CHOSEN: Final = (
    "alpha apex atlas aurora beacon blue delta eagle falcon global golden horizon liberty meridian nova orion pacific"
    " phoenix pioneer premier river royal silver star summit sun titan union united vector vertex west north first"
    " green prime stone bright crown cedar harbor key lake spring"
).split()
_TRADES: Final = (
    "Systems Technologies Bank Capital Energy Pharma Foods Logistics Software Industries Holdings Group Partners"
    " Insurance Media Motors Chemicals Engineering Services Solutions Electronics Health Medical Textiles Steel"
    " Mining Properties Consulting Communications Networks Packaging Paper Instruments Labs Airlines Shipping"
).split()
_TWO: Final = ("Real Estate", "Heavy Industries", "Data Systems", "Life Sciences", "Water Treatment", "Food Services")
_COUNTRIES: Final = {
    "US": (("Inc.", "Corp.", "LLC", "Corporation", ""), ("New York", "Austin", "Boston", "Denver", "Chicago"), "com"),
    "DE": (("GmbH", "AG", "GmbH & Co. KG", "SE"), ("Berlin", "Hamburg", "Köln", "München", "Stuttgart"), "de"),
    "GB": (("Ltd", "plc", "Limited", "LLP"), ("London", "Leeds", "Bristol", "Glasgow"), "co.uk"),
    "FR": (("SA", "SAS", "SARL"), ("Paris", "Lyon", "Nantes", "Lille"), "fr"),
    "NL": (("B.V.", "N.V."), ("Amsterdam", "Utrecht", "Eindhoven"), "nl"),
    "ES": (("S.A.", "S.L."), ("Madrid", "Barcelona", "Sevilla"), "es"),
    "IT": (("S.p.A.", "S.r.l."), ("Milano", "Roma", "Torino"), "it"),
    "PL": (("Sp. z o.o.", "S.A."), ("Warszawa", "Kraków", "Łódź"), "pl"),
    "SE": (("AB",), ("Stockholm", "Göteborg", "Malmö"), "se"),
    "JP": (("Co., Ltd.", "K.K.", "Corporation"), ("Tokyo", "Osaka", "Nagoya"), "co.jp"),
}
_ABROAD: Final = {
    "US": "USA", "DE": "Deutschland", "GB": "UK", "FR": "France", "NL": "Nederland", "ES": "España", "IT": "Italia",
    "PL": "Polska", "SE": "Sverige", "JP": "Japan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Firm:
    """A company as it is, before anybody writes it down."""

    core: str
    form: str
    country: str
    city: str
    domain: str


def generated(name: str, size: int, seed: int) -> Labelled:
    """Return two lists of `size` companies with OVERLAP of them in common, each spelled twice on its own."""
    chance = Random(seed)
    common = round(size * OVERLAP)
    firms = _world(2 * size - common, chance)
    chance.shuffle(firms)
    ours, theirs = firms[:size], firms[size - common :]
    left = [written(firm, numbered(0, place), chance) for place, firm in enumerate(ours)]
    right = [written(firm, numbered(1, place), chance) for place, firm in enumerate(theirs)]
    truth = frozenset((left[size - common + place].id, right[place].id) for place in range(common))
    return Labelled(name, left, right, truth)


def written(firm: Firm, one: UUID, chance: Random) -> Company:
    """Write a firm down as somebody does in a list of accounts: misspelled, shortened, with gaps."""
    domains = frozenset[str]()
    if chance.random() < 0.7:
        domain = firm.domain if chance.random() < 0.9 else f"{firm.domain.partition('.')[0]}-group.com"
        domains = frozenset({domain})
    return Company(
        one,
        respelled(firm.core, firm.form, chance),
        domains,
        country=firm.country if chance.random() < 0.85 else None,
        city=firm.city if chance.random() < 0.6 else None,
    )


def _world(size: int, chance: Random) -> list[Firm]:
    """Return companies of which no two have one name, and only those of one group a domain."""
    firms, cores, domains = list[Firm](), set[str](), set[str]()
    while len(firms) < size:
        for family in _families(chance):
            domain = _unused(family[0].domain, domains, chance)
            for firm in family:
                if firm.core.lower() not in cores:
                    cores.add(firm.core.lower())
                    firms.append(replace(firm, domain=domain))
    return firms[:size]


def _unused(domain: str, used: set[str], chance: Random) -> str:
    label, _, suffix = domain.partition(".")
    while domain in used:
        label += str(chance.randrange(10))
        domain = f"{label}.{suffix}"
    used.add(domain)
    return domain


def _families(chance: Random) -> Iterator[list[Firm]]:
    """Return a company, now and then with daughters in other countries, and with a namesake of another trade."""
    brand = _brand(chance)
    parent = _firm(brand, _trade(chance), chance)
    family = [parent]
    if chance.random() < 0.06:
        for land in chance.sample(sorted(_COUNTRIES), 2):
            forms, cities, _ = _COUNTRIES[land]
            core = f"{parent.core} {_ABROAD[land]}"
            family.append(Firm(core, chance.choice(forms), land, chance.choice(cities), parent.domain))
    yield family
    if chance.random() < 0.08:
        yield [_firm(brand, _trade(chance), chance)]


def _firm(brand: str, trade: str, chance: Random) -> Firm:
    land = chance.choices(sorted(_COUNTRIES), weights=(4, 3, 3, 3, 2, 3, 3, 2, 2, 8))[0]
    forms, cities, suffix = _COUNTRIES[land]
    core = f"{brand} {trade}".strip()
    label = "".join((core if chance.random() < 0.5 else brand).lower().split())
    return Firm(core, chance.choice(forms), land, chance.choice(cities), f"{label}.{suffix}")


def _brand(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.15:
        return chance.choice(_CHOSEN).title()
    if kind < 0.25:
        return f"{chance.choice(_CHOSEN)} {chance.choice(_CHOSEN)}".title()
    made = "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(chance.choice((2, 2, 2, 3))))
    brand = (made + chance.choice(_ENDS)).title()
    return f"{brand} {_brand(chance)}" if kind > 0.93 else brand


def _trade(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.25:
        return ""
    if kind < 0.35:
        return chance.choice(_TWO)
    if kind < 0.45:
        return f"{chance.choice(_TRADES)} {chance.choice(('Group', 'Holdings', 'International'))}"
    return chance.choice(_TRADES)
