"""An invented CRM export: opportunities as a sales team keeps them, with the mess such files have. Pure and seeded."""

import csv
import io
import string
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from random import Random
from typing import Final

DAYS: Final = 425
SAMPLE_UNTIL: Final = date(2026, 6, 30)
PRODUCTS: Final = {
    "Kite Basic": 640,
    "Kite Pro": 5150,
    "Kite Plus Basic": 1240,
    "Kite Plus Pro": 6300,
    "Moor Special": 75,
    "Moor Advanced": 3800,
    "Harbor 900": 31500,
}
# Sellers write this product's name without the space, every time, and the price list does not.
MISSPELT: Final = {"Kite Pro": "KitePro"}
POPULARITY: Final = (21, 17, 16, 11, 19, 14, 4)
AGENTS: Final = ("Ilse Marquard", "Tomas Rehn", "Bea Collingwood", "Yann Oduya", "Petra Vallis", "Milo Strand")

_FIRST: Final = (
    "Alder", "Birken", "Corvin", "Dunmar", "Elster", "Fenwig", "Gallen", "Hollin", "Iverra", "Jorvel",
    "Kestra", "Lindra", "Morvan", "Nordel", "Ostrava Bay", "Pellin", "Quarrow", "Rindal", "Selwin", "Tarnby",
)  # fmt: skip
_SECOND: Final = (
    ("Freight", "Logistics"), ("Foods", "Food"), ("Clinics", "Health"), ("Optics", "Manufacturing"),
    ("Timber", "Forestry"), ("Retail", "Retail"), ("Software", "Software"), ("Energy", "Energy"),
)  # fmt: skip
_COUNTRIES: Final = ("DE", "DE", "DE", "AT", "CH", "NL", "FR", "US", "US", "SE")
_SIZES: Final = ("10-49", "50-249", "50-249", "250-999", "1000+")
_STAGES: Final = ("Prospecting", "Engaging", "Won", "Lost")
_FREQUENCIES: Final = (6, 18, 48, 28)
_UNNAMED: Final = 0.67


@dataclass(frozen=True, slots=True)
class Account:
    """A company somebody may sell to."""

    name: str
    domain: str
    industry: str
    country: str
    size_band: str


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One row of the export, its columns in their order."""

    opportunity_id: str
    sales_agent: str
    product: str
    account: str
    deal_stage: str
    engage_date: date | None
    close_date: date | None
    close_value: int | None


def accounts(seed: int) -> list[Account]:
    """Return the companies of this little world, 160 of them, in a shuffled order."""
    random = Random(seed)
    found = [
        Account(
            name=f"{first} {second}",
            domain=f"{first.lower().replace(' ', '-')}-{second.lower()}.example",
            industry=industry,
            country=random.choice(_COUNTRIES),
            size_band=random.choice(_SIZES),
        )
        for first in _FIRST
        for second, industry in _SECOND
    ]
    random.shuffle(found)
    return found


def export(
    rows: int, seed: int, until: date, *, agents: tuple[str, ...] = AGENTS, known: int = 85
) -> list[Opportunity]:
    """Return that many opportunities of the `DAYS` before `until`, with the first `known` accounts."""
    random = Random(seed)
    companies = [account.name for account in accounts(seed)[:known]]
    keys: set[str] = set()
    while len(keys) < rows:
        keys.add("".join(random.choices(string.ascii_uppercase + string.digits, k=8)))
    found = [_opportunity(random, key, random.choice(agents), companies, until) for key in sorted(keys)]
    return sorted(found, key=lambda each: (each.engage_date or until, each.opportunity_id))


def written(opportunities: Iterable[Opportunity]) -> str:
    """Return the export as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(Opportunity)])
    writer.writerows(["" if cell is None else cell for cell in astuple(each)] for each in opportunities)
    return text.getvalue()


def _opportunity(random: Random, key: str, agent: str, companies: list[str], until: date) -> Opportunity:
    stage = random.choices(_STAGES, _FREQUENCIES)[0]
    product = random.choices(list(PRODUCTS), POPULARITY)[0]
    is_open = stage in {"Prospecting", "Engaging"}
    account = "" if is_open and random.random() < _UNNAMED else random.choice(companies)
    engaged = closed = None
    if stage == "Engaging":
        engaged = until - timedelta(days=random.randrange(DAYS // 3))
    elif not is_open:
        closed = until - timedelta(days=random.randrange(DAYS - 8))
        engaged = max(closed - timedelta(days=random.randint(1, 138)), until - timedelta(days=DAYS))
    value = None if is_open else 0
    if stage == "Won":
        value = round(PRODUCTS[product] * random.uniform(0.82, 1.18))
    return Opportunity(key, agent, MISSPELT.get(product, product), account, stage, engaged, closed, value)
