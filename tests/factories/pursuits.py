"""Histories of leads that were not taken, of the receiver's own leads, and the night in which windows tell totals."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from partnercrm.kernel import clock, db
from partnercrm.leads import jobs
from partnercrm.leads.actions import exchanging, keeping, offering
from partnercrm.leads.windows import Window, ended_before
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.factories import terms
from tests.servers import TestServer

NOW = datetime.now(UTC)
HALF_A_YEAR = timedelta(days=180)
NEED = "Anvils"


def window(ago: int = 1) -> Window:
    """Return the month that ended so many months ago, as a window of one month."""
    found = ended_before(f"{NOW - timedelta(days=30 * (ago - 1)):%Y-%m}", "2000-01", 1)
    assert found is not None
    return found


def offered_for(of: Window) -> datetime:
    """Return a moment such that leads offered then have had their 180 days in the middle of a window of one month."""
    return datetime.fromisoformat(f"{of.first}-15T10:00+00:00") - HALF_A_YEAR


def agree_on_months(cast: Cast) -> None:
    """Let both sides agree on windows of one month, half a year ago."""
    with clock.at(NOW - timedelta(days=200)):
        terms.agree(cast, window_months=1)


def give(cast: Cast, companies: Sequence[str], at: datetime, *verbs: str) -> list[UUID]:
    """Let Acme offer leads of these companies, and Globex take these steps with each on the same day."""
    sam, gina = cast.sam.actor, cast.gina.actor
    partnership = {"partnership_id": cast.partnership_id}
    with clock.at(at):
        with db.transaction(sam):
            leads = [{"company_name": name, "need": NEED} for name in companies]
            made = [offering.enter_and_offer_lead(sam, lead, partnership).id for lead in leads]
        for verb in verbs:
            with db.transaction(gina):
                for offer_id in made:
                    _STEPS[verb](gina, offer_id)
    return made


_STEPS: dict[str, Callable[[Any, UUID], Any]] = {
    "decline": lambda actor, offer_id: exchanging.decline_offer(actor, offer_id, {"reason": "no_fit"}),
    "accept": exchanging.accept_offer,
    "qualify": lambda actor, offer_id: exchanging.qualify_lead(actor, offer_id, {}),
}
_numbers = count(1)


def nonsense(number: int) -> list[str]:
    """Return companies that nobody has."""
    return [f"Nobody {next(_numbers)}" for _ in range(number)]


def own(player: Player, companies: Sequence[str], at: datetime) -> None:
    """Let somebody enter leads of these companies, of the same need."""
    actor = player.actor
    with clock.at(at), db.transaction(actor):
        for name in companies:
            keeping.enter_lead(actor, {"company_name": name, "need": NEED})


def tell(app: Flask, server: TestServer, database: str) -> None:
    """Let the night come in which ended windows tell their totals, as the role that may."""
    with on_database(app, server.url("worker", database)):
        jobs.tell_totals()


def without_blur(server: TestServer, database: str, cast: Cast, of: Window) -> None:
    """Give the partnership, before anything is offered, a secret under which a window's total is exact to the eight."""
    giver = cast.sam.actor.organization_id
    for number in count():
        secret = number.to_bytes(32, "big")
        if not any(byte % 8 for byte in sha256(secret + f"totals/{giver}/{of.first}".encode()).digest()[:2]):
            break
    with psycopg.connect(server.admin(database), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO partnership_salts VALUES (%s, %s)"
            " ON CONFLICT (partnership_id) DO UPDATE SET salt = excluded.salt",
            [cast.partnership_id, secret],
        )
