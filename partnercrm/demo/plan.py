"""What happens in the demo's fourteen months: who offers which lead when, and what becomes of it. Pure and seeded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from partnercrm.demo.generator import DAYS, MISSPELT, PRODUCTS, Account, Opportunity, accounts, export
from partnercrm.kernel.money import Money

SEED: Final = 7
RESPONSE_HOURS: Final = 48
OFFER_DAYS: Final = 30
ROLES: Final = ("Head of operations", "Head of purchasing", "Managing director", "IT manager", "Plant manager")
PEOPLE: Final = ("Robin Vale", "Kim Ashdown", "Alex Torring", "Jo Marlow", "Toni Berent", "Sascha Imhoff", "Chris Dorn")
# Of these two not all is known that must be for name and address to travel: only their role does.
HALF_KNOWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "Alex Torring": {"contact_basis": "legitimate_interest"},
    "Chris Dorn": {"contact_basis": "consent", "contact_channels": ["phone"], "contact_source": "employer"},
}
MESSAGES: Final = (
    "They decide this quarter.",
    "They know us; mention our name.",
    "Their present contract ends soon.",
    "",
)
DECLINED_FOR: Final = {
    "no_capacity": 7, "no_fit": 5, "already_known": 4, "too_little_information": 3, "conflict_of_interest": 1,
}  # fmt: skip
DISQUALIFIED_FOR: Final = {"no_budget": 4, "no_need": 3, "unreachable": 2, "wrong_contact": 1}
LOST_FOR: Final = {"price": 4, "competitor": 3, "no_decision": 3, "timing": 2, "product_fit": 1}


@dataclass(frozen=True, slots=True)
class Company:
    """One side of the exchange: how much it gives, who sells, how it answers, how long its last offers wait."""

    name: str
    sellers: Mapping[str, str]
    currency: str
    gives: int
    rows: int
    median_hours: float
    declines: float
    waiting_hours: tuple[float, ...]


ACME: Final = Company(
    "acme",
    {"Sam Okafor": "sam@acme.example", "Theo Brandt": "theo@acme.example", "Dana Whitfield": "dana@acme.example"},
    currency="EUR",
    gives=98,
    rows=330,
    median_hours=18,
    declines=0.10,
    waiting_hours=(196, 151, 99, 74, 31, 7),
)
GLOBEX: Final = Company(
    "globex",
    {"Gina Petrov": "gina@globex.example", "Omar Haddad": "omar@globex.example"},
    currency="USD",
    gives=26,
    rows=190,
    median_hours=62,
    declines=0.16,
    waiting_hours=(77, 20),
)


class Entered(NamedTuple):
    """A row of the export with an account, as the lead it becomes and when."""

    at: datetime
    row: Opportunity
    lead: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done with an offered lead."""

    at: datetime
    verb: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A lead's way from its giver to the receiver, as far as it has come."""

    giver: str
    lead: Mapping[str, Any]
    seller: str
    receiver: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything each side enters, and everything they offer each other."""

    leads: Mapping[str, list[tuple[datetime, Mapping[str, Any]]]]
    passages: list[Passage]


def plan(now: datetime) -> Plan:
    """Return the fourteen months up to `now`; the same for the same moment."""
    random = Random(SEED)
    taken: set[tuple[str, str]] = set()
    leads: dict[str, list[tuple[datetime, Mapping[str, Any]]]] = {}
    passages: list[Passage] = []
    for number, (giver, receiver) in enumerate(((ACME, GLOBEX), (GLOBEX, ACME))):
        companies = {account.name: account for account in accounts(SEED + number)}
        rows = export(giver.rows, SEED + number, now.date(), agents=tuple(giver.sellers))
        entered = [
            Entered(at, row, _lead(random, giver, row, companies[row.account], at.date() - timedelta(days=3)))
            for row in rows
            if row.account and (at := _entered_at(row, now))
        ]
        leads[giver.name] = [(each.at, each.lead) for each in entered]
        fresh = [each for each in entered if _is_new(each.row, taken)]
        chosen = random.sample(fresh, giver.gives)
        passages += [_passage(random, giver, receiver, each, now) for each in chosen]
        kept = [each for each in fresh if each not in chosen and each.at < now - timedelta(days=10)]
        passages += _waiting(random, giver, receiver, random.sample(kept, len(giver.waiting_hours)), now)
    return Plan(leads, [passage for passage in passages if passage.steps])


def _is_new(row: Opportunity, taken: set[tuple[str, str]]) -> bool:
    """Tell whether nobody has this company's need yet, and take it."""
    key = (row.account, row.product)
    return not (key in taken or taken.add(key))  # type: ignore[func-returns-value]


def _entered_at(row: Opportunity, now: datetime) -> datetime:
    """Return the Monday on which the CRM hands the row over, at six in the morning."""
    begun = (now - timedelta(days=DAYS - 14)).date()
    on = max(row.engage_date or (now - timedelta(days=20)).date(), begun)
    monday = on + timedelta(days=7 - on.weekday())
    return min(datetime.combine(monday, time(6), now.tzinfo), now - timedelta(hours=3))


def _lead(random: Random, giver: Company, row: Opportunity, account: Account, met_on: date) -> dict[str, Any]:
    spelt = {wrong: right for right, wrong in MISSPELT.items()}
    product = spelt.get(row.product, row.product)
    lead: dict[str, Any] = {
        "external_id": row.opportunity_id,
        "owner": giver.sellers[row.sales_agent],
        "company_name": account.name,
        "company_domain": account.domain,
        "country": account.country,
        "industry": account.industry,
        "size_band": account.size_band,
        "need": product,
        "contact_role": random.choice(ROLES),
        "value": Money(100 * (row.close_value or round(PRODUCTS[product] * random.uniform(0.9, 1.1))), giver.currency),
    }
    if random.random() < 0.6:
        name = random.choice(PEOPLE)
        mail = f"{name.split()[0].lower()}@{account.domain}"
        lead |= {"contact_name": name, "contact_email": mail, **_known(name, met_on)}
    return lead


def _known(name: str, met_on: date) -> Mapping[str, Any]:
    """Return what must be known to pass a contact on, as far as it is."""
    return HALF_KNOWN.get(name) or {
        "contact_basis": "legitimate_interest",
        "contact_channels": ["email", "phone"],
        "contact_source": "person",
        "contact_source_note": "Met at a fair",
        "contact_information": "informed",
        "contact_informed_on": met_on,
    }


def _passage(random: Random, giver: Company, receiver: Company, entered: Entered, now: datetime) -> Passage:
    offered = _at_work(random, entered.at + timedelta(days=random.uniform(0.1, 9)))
    answerer = random.choice(list(receiver.sellers.values()))
    steps = [Step(offered, "offer", _message(random, entered.lead))]
    steps += _answer(random, receiver, offered, entered.lead)
    happened = tuple(step for step in steps if step.at < now)
    return Passage(giver.name, entered.lead, giver.sellers[entered.row.sales_agent], answerer, happened)


def _message(random: Random, lead: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an offer is sent with; where a contact cannot travel, the role does so alone."""
    is_known = {"contact_channels", "contact_information"} <= lead.keys()
    return {"message": random.choice(MESSAGES), "role_only": not is_known}


def _waiting(
    random: Random, giver: Company, receiver: Company, chosen: list[Entered], now: datetime
) -> Iterator[Passage]:
    """Leave some offers open now, the older ones past the agreed time to answer."""
    for entered, hours in zip(chosen, giver.waiting_hours, strict=True):
        offered = Step(now - timedelta(hours=hours), "offer", _message(random, entered.lead))
        seller = giver.sellers[entered.row.sales_agent]
        yield Passage(giver.name, entered.lead, seller, random.choice(list(receiver.sellers.values())), (offered,))


def _answer(random: Random, receiver: Company, offered: datetime, lead: Mapping[str, Any]) -> Iterator[Step]:
    lot = random.random()
    if lot < 0.04:
        yield Step(_at_work(random, offered + timedelta(hours=random.uniform(2, 20))), "withdraw")
    elif lot < 0.04 + 0.3 * receiver.declines:
        yield Step(offered + timedelta(days=OFFER_DAYS, seconds=1), "expire")
    else:
        hours = min(receiver.median_hours * random.lognormvariate(0, 0.8), 24 * OFFER_DAYS - 72)
        answered = _at_work(random, offered + timedelta(hours=hours))
        if lot < 0.04 + 1.3 * receiver.declines:
            yield Step(answered, "decline", {"reason": _drawn(random, DECLINED_FOR)})
        else:
            yield Step(answered, "accept")
            yield from _outcome(random, answered, lead)


def _outcome(random: Random, accepted: datetime, lead: Mapping[str, Any]) -> Iterator[Step]:
    looked_at = _at_work(random, accepted + timedelta(days=random.uniform(2, 16)))
    if random.random() < 0.22:
        yield Step(looked_at, "disqualify", {"reason": _drawn(random, DISQUALIFIED_FOR)})
        return
    yield Step(looked_at, "qualify")
    if random.random() < 0.2:
        return
    converted = _at_work(random, looked_at + timedelta(days=random.uniform(4, 30)))
    yield Step(converted, "convert")
    closed = _at_work(random, converted + timedelta(days=random.uniform(10, 90)))
    if random.random() < 0.55:
        expected = lead["value"]
        won = Money(round(expected.minor * random.uniform(0.8, 1.05)), expected.currency)
        yield Step(closed, "win", {"value": won})
    else:
        yield Step(closed, "lose", {"reason": _drawn(random, LOST_FOR)})


def _at_work(random: Random, moment: datetime) -> datetime:
    """Move a moment that falls on a weekend or into the night to the next working hour."""
    if not 7 <= moment.hour < 17:
        days = 1 if moment.hour >= 17 else 0
        moment = moment.replace(hour=7, minute=random.randrange(60)) + timedelta(days=days, hours=random.randrange(3))
    return moment + timedelta(days=max(0, 7 - moment.weekday()) if moment.weekday() >= 5 else 0)


def _drawn(random: Random, weights: Mapping[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
