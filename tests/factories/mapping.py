"""Account mappings for tests: accounts of both sides, populations, agreements, and epochs run as the worker."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Flask

from partnercrm.accounts.actions import epochs, populations
from partnercrm.accounts.matching import Company, Pair
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.servers import TestServer

CERTAIN: Final = 1_000_000
PERHAPS: Final = 500_000
BOTH: Final = [f"Common {number}" for number in range(4)]
FIELDS: Final = ["name", "domain", "city", "country", "relationship"]


class ByDomain:
    """An engine that takes companies with a domain in common for one, so that a test says which are."""

    def pairs(self, left: Iterable[Company], right: Iterable[Company], *_: object) -> list[Pair]:
        """Return every pair with a domain in common."""
        theirs = list(right)
        return [Pair(one.id, other.id, CERTAIN) for one in left for other in theirs if one.domains & other.domains]


class ByDomainOrName(ByDomain):
    """Takes companies with a domain in common for one, and of those of one name in other letters says perhaps."""

    def pairs(self, left: Iterable[Company], right: Iterable[Company], *_: object) -> list[Pair]:
        """Return every pair with a domain or a name in common."""
        ours, theirs = list(left), list(right)
        alike = [(one, other) for one in ours for other in theirs if one.name.lower() == other.name.lower()]
        perhaps = [Pair(one.id, other.id, PERHAPS) for one, other in alike if not one.domains & other.domains]
        return [*super().pairs(ours, theirs), *perhaps]


def account(player: Player, name: str, **given: Any) -> dict[str, Any]:
    """Enter an account at a domain made of its name."""
    entered: dict[str, Any] = player.call("POST", "/accounts", json=_told(name, given), expect=201)
    return entered


def accounts(player: Player, names: Iterable[str], **given: Any) -> list[str]:
    """Enter accounts of these names in one request; return their ids."""
    told = [_told(name, given) | {"connector": "crm", "external_id": name} for name in names]
    kept = player.call("POST", "/accounts/bulk", json={"accounts": told}, expect=200)
    return [one["id"] for one in kept["accounts"]]


def _told(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    domain = f"{re.sub('[^a-z0-9]+', '-', name.lower())}.com"
    return {"name": name, "web_domains": [domain], "relationship": "customer", **given}


def population(player: Player, name: str = "Customers", **criteria: list[str]) -> str:
    """Name a population, of customers unless told otherwise; return its id."""
    given = {"name": name, "criteria": criteria or {"relationship": ["customer"]}}
    with db.transaction(player.actor):
        return str(populations.make_population(player.actor, given).id)


def propose(player: Player, partnership_id: UUID | str, tier: str = "overlaps_with_fields", **given: Any) -> Any:
    """Propose to compare a population."""
    body = {"partnership_id": str(partnership_id), "tier": tier, "shown": FIELDS, **given}
    if "population_id" not in body:
        body["population_id"] = population(player, f"Customers for {tier}")
    return player.call("POST", "/mappings", json=body, expect=201)


def agreed(cast: Cast, tier: str = "overlaps_with_fields", **given: Any) -> Any:
    """Let Acme propose and Globex agree."""
    one = propose(cast.dana, cast.partnership_id, tier, **given)
    body = {"population_id": population(cast.hank, f"Ours for {tier}")}
    return cast.hank.call("POST", f"/mappings/{one['id']}/agree", json=body, expect=200)


def run(app: Flask, server: TestServer, database: str, cast: Cast, at: datetime | None = None) -> None:
    """Run an epoch as the worker does, now or at a moment; what is only alike by name is a candidate."""
    actor = Actor.system(cast.dana.actor.organization_id)
    with on_database(app, server.url("worker", database)), clock.at(at or clock.now()):
        epochs.run_epoch(actor, cast.partnership_id, ByDomainOrName())


def later(weeks: int) -> datetime:
    """Return a moment so many weeks and some minutes from now."""
    return clock.now() + timedelta(weeks=weeks, minutes=weeks)


def matrix(player: Player, cast: Cast) -> Any:
    """Return the bytes of the matrix as somebody reads it."""
    return player.response("GET", f"/partnerships/{cast.partnership_id}/matrix")


def common(player: Player, one: Any) -> list[dict[str, Any]]:
    """Return the companies both have, as somebody reads them."""
    items: list[dict[str, Any]] = player.call("GET", f"/mappings/{one['id']}/overlaps", expect=200)["items"]
    return items
