"""The requests that are measured, each prepared before the clock runs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from benchmarks.load import Request
from benchmarks.stage import Stage

BULK = 1000
OFFERS = 100_000
DEALS = 200_000
REPORTS = 5_000_000
OF_ONE = 1_000_000
REPORT, MONTHS, GROWN = "report", "months", "grown"
WAITING = "/api/v1/offers?direction=received&status=offered&sort=respond_by&limit=50"
RECEIVED = "/api/v1/deals?stage=qualified&direction=received&sort=close_on&limit=50"

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request: how many a slice sends at full size, and how they are made."""

    name: str
    title: str
    many: int
    make: Callable[[Stage, int], list[Request]]
    goal: float
    against: str = "the floor's rate"
    connections: Sequence[int] = (1, 8)


def fields(number: int) -> dict[str, Any]:
    """Return a lead with every field a CRM usually sends."""
    return {
        "company_name": f"Northwind Traders {number}",
        "company_domain": f"northwind-{number}.example",
        "country": "DE",
        "industry": "Logistics",
        "size_band": "50-249",
        "need": "GTX Plus Basic",
        "contact_name": "Robin Vale",
        "contact_role": "Head of operations",
        "contact_email": f"robin@northwind-{number}.example",
        "contact_basis": "consent",
        "contact_channels": ["email", "phone"],
        "contact_source": "person",
        "contact_information": "informed",
        "contact_informed_on": "2026-03-02",
        "value": {"amount": "12500.00", "currency": "EUR"},
        "notes": "Met at the spring fair; wants to decide in May.",
    }


def upserts(stage: Stage, many: int) -> list[Request]:
    """Enter leads by keys not used before, and bring each up to date half a slice later."""
    first = next(_keys) * 1_000_000
    requests = [_upsert(stage, number) for number in range(first, first + many // 2)]
    return requests * 2


def _upsert(stage: Stage, number: int) -> Request:
    return _sent("PUT", f"/api/v1/leads/by-key/crm/{number}", stage, fields(number))


def bulks(stage: Stage, many: int) -> list[Request]:
    """Enter 1,000 leads at once by keys not used before, and bring them up to date half a slice later."""
    requests = []
    for _ in range(many // 2):
        first = next(_keys) * 1_000_000
        leads = [fields(n) | {"connector": "crm", "external_id": str(n)} for n in range(first, first + BULK)]
        requests.append(_sent("POST", "/api/v1/leads/bulk", stage, {"leads": leads}))
    return requests * 2


def offerings(stage: Stage, many: int) -> list[Request]:
    """Offer leads that were never offered."""
    terms = {"partnership_id": str(stage.partnership_id), "message": "They decide in May."}
    leads = stage.draft_leads(many)
    return [_sent("POST", "/api/v1/offers", stage, terms | {"lead_id": str(lead_id)}, 201) for lead_id in leads]


def lists(stage: Stage, many: int) -> list[Request]:
    """Read the 50 offers among 100,000 that have waited longest for our answer."""
    return [Request("GET", WAITING, stage.receiver_token)] * many


def deals(stage: Stage, many: int) -> list[Request]:
    """Read the 50 of 200,000 deals that the partner registered, are qualified and close first."""
    return [Request("GET", RECEIVED, stage.receiver_token)] * many


def no_requests(stage: Stage, many: int) -> list[Request]:
    """Return none: what this case does is no request (`benchmarks/importing.py`)."""
    return []


def _sent(method: str, path: str, stage: Stage, body: dict[str, Any], expected: int = 200) -> Request:
    return Request(method, path, stage.giver_token, json.dumps(body).encode(), expected)


CASES = (
    Case("upsert", "lead upsert (PUT /leads/by-key/…; half new, half known)", 600, upserts, 1 / 4),
    Case("offer", "offering a lead (POST /offers)", 400, offerings, 1 / 4),
    Case("bulk", "bulk of 1,000 leads (POST /leads/bulk; half new, half known)", 8, bulks, 1 / 4),
    Case("list", "50 of 100,000 offers, filtered and sorted (GET /offers)", 400, lists, 1 / 2),
    Case("large", "50 of 1,000,000 offers, likewise", 400, lists, 0.8, "its own rate at 100,000"),
    Case("import", "import of 200,000 new rows, file to leads", 200_000, no_requests, 1 / 3, "COPY's rate", (1,)),
)

DEAL_CASES = (Case("deals", "50 of 200,000 deals, filtered and sorted (GET /deals)", 400, deals, 1 / 2),)

REPORT_CASES = (
    Case(
        REPORT,
        "report of one organization among 5,000,000 steps of 200 (GET /partnerships/…/reciprocity)",
        100,
        no_requests,
        1 / 3,
        "the rate of a bare read of its roll-up",
        (1,),
    ),
    Case(
        MONTHS,
        "by month over 1,000,000 steps of one partnership",
        20,
        no_requests,
        1 / 1.3,
        "the rate of the bare statement over the steps",
        (1,),
    ),
    Case(GROWN, "the same report over 1,000,000 steps", 100, no_requests, 1 / 3, "its own rate at 50,000", (1,)),
)
