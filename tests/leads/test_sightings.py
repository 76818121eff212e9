"""What the receiver saw first stays seen: no spelling, renaming, discarding, undoing or erasing moves the moment."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg import errors

from partnercrm.identity import jobs, retention
from partnercrm.kernel import clock, db, roles
from partnercrm.leads.queries import pursuits
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.factories import imports, leads, terms
from tests.factories.pursuits import (
    HALF_A_YEAR,
    NOW,
    agree_on_months,
    give,
    nonsense,
    offered_for,
    own,
    tell,
    window,
    without_blur,
)
from tests.identity.test_erasure_reach import erase
from tests.servers import TestServer

LAST = window()
OFFERED = offered_for(LAST)
LATER = OFFERED + timedelta(days=10)
ALL = [f"Known {number}" for number in range(8)]
Told = Callable[[], tuple[int | None, int | None]]
Night = Callable[[Player, str, float], None]


@pytest.fixture
def told(app: Flask, cast: Cast, database: str, test_server: TestServer) -> Told:
    """Let the night come and return what the last window tells of Acme's leads."""
    agree_on_months(cast)
    without_blur(test_server, database, cast, LAST)

    def ask() -> tuple[int | None, int | None]:
        tell(app, test_server, database)
        report = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
        [credit] = [one["credit"] for one in report["organizations"] if one["name"] == "Acme"]
        [found] = [one for one in credit["windows"] if one["first_month"] == LAST.first]
        return found["pursued"], found["influenced"]

    return ask


@pytest.fixture
def night(app: Flask, database: str, test_server: TestServer) -> Night:
    """Let the night come, so many days from now, in which what is past its time goes, of one kind alone."""

    def run(player: Player, kind: str, days: float) -> None:
        every = retention.kinds()
        retention.install(one for one in every if one.name == kind)
        try:
            with on_database(app, test_server.url("worker", database)), clock.at(clock.now() + timedelta(days=days)):
                jobs.remove_past(str(player.actor.organization_id))
        finally:
            retention.install(every)

    return run


def ids(player: Player) -> dict[str, str]:
    """Return the ids of the own leads by their companies."""
    every = player.call("GET", "/leads?limit=100", expect=200)["items"]
    return {one["company_name"]: one["id"] for one in every}


def tag(player: Player, lead_id: str) -> str:
    return str(player.response("GET", f"/leads/{lead_id}").headers["ETag"])


def change(player: Player, lead_id: str, **given: Any) -> None:
    player.call("PATCH", f"/leads/{lead_id}", json=given, if_match=tag(player, lead_id), expect=200)


def discard(player: Player, lead_id: str) -> None:
    player.call("DELETE", f"/leads/{lead_id}", if_match=tag(player, lead_id), expect=204)


def put_away(player: Player, way: str) -> None:
    """Let the leads of all companies be renamed or discarded."""
    for name, lead_id in ids(player).items():
        if way == "renamed":
            change(player, lead_id, company_name=f"Not {name}")
        else:
            discard(player, lead_id)


def pipeline(player: Player) -> Mapping[str, datetime]:
    with db.transaction(player.actor):
        return pursuits.own_pipeline(player.actor, NOW + timedelta(days=1))


def kept(server: TestServer, database: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server.admin(database)) as connection:
        return connection.execute("SELECT company_name, need FROM lead_sightings ORDER BY left_at, seen_at").fetchall()


@pytest.mark.parametrize(
    "given", [{"company_name": "CONTOSO  gmbh"}, {"need": "ANVILS!"}, {"company_name": "Contoso", "need": "anvils"}]
)
def test_a_spelling_that_is_corrected_keeps_the_moment_it_was_seen_first(cast: Cast, given: dict[str, str]) -> None:
    own(cast.gina, ["Contoso GmbH"], OFFERED)

    change(cast.gina, ids(cast.gina)["Contoso GmbH"], **given)

    assert pipeline(cast.gina)["contoso|anvils"] == OFFERED


def test_another_company_is_seen_when_the_lead_gets_it_and_the_former_stays_seen(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    own(cast.gina, ["Contoso"], OFFERED)
    lead_id = ids(cast.gina)["Contoso"]

    change(cast.gina, lead_id, company_name="Fabrikam")
    change(cast.gina, lead_id, need="Kites")
    change(cast.gina, lead_id, notes="Called.")

    found = pipeline(cast.gina)
    assert found["contoso|anvils"] == OFFERED
    assert NOW <= found["fabrikam|anvils"] <= found["fabrikam|kites"]
    assert pipeline(cast.sam) == {}
    for name in ("Contoso", "Fabrikam", "Contoso"):
        change(cast.gina, lead_id, company_name=name, need="Anvils")
    assert pipeline(cast.gina)["contoso|anvils"] == OFFERED
    assert len(kept(test_server, database)) == len({*kept(test_server, database)})


@pytest.mark.parametrize("way", ["renamed", "discarded"])
def test_a_pursuit_that_is_put_away_before_the_night_is_told(cast: Cast, told: Told, way: str) -> None:
    give(cast, [*ALL, *nonsense(8)], OFFERED, "decline")
    own(cast.gina, ALL, LATER)

    put_away(cast.gina, way)

    assert told() == (8, None)


@pytest.mark.parametrize("way", ["renamed", "discarded"])
def test_what_was_had_first_stays_had_first(cast: Cast, told: Told, way: str) -> None:
    at = OFFERED + HALF_A_YEAR
    own(cast.gina, ALL, OFFERED)
    put_away(cast.gina, way)

    give(cast, [*ALL, *nonsense(8)], at, "accept", "qualify")

    assert told() == (None, 8)


def test_a_short_period_for_drafts_hides_no_pursuit(cast: Cast, told: Told, night: Night) -> None:
    give(cast, [*ALL, *nonsense(8)], OFFERED, "decline")
    own(cast.gina, ALL, LATER)

    night(cast.gina, "drafts", 3000)

    assert ids(cast.gina) == {}
    assert told() == (8, None)


def test_an_import_that_is_undone_was_seen(cast: Cast) -> None:
    done = imports.run(cast.gina, imports.sent(cast.gina))
    assert "contoso|kite" in pipeline(cast.gina)

    cast.gina.call("POST", f"/imports/{done['id']}/undo", expect=200)
    imports.undo(cast.gina, done["id"])

    assert ids(cast.gina) == {}
    assert "contoso|kite" in pipeline(cast.gina)


@pytest.mark.parametrize("months", [0, 24])
def test_sightings_go_once_no_agreed_window_can_count_on_them(
    cast: Cast, database: str, test_server: TestServer, night: Night, months: int
) -> None:
    days = 180 + months // 12 * 365 + 30
    if months:
        terms.agree(cast, window_months=months)
    for player, company in ((cast.gina, "Contoso"), (cast.sam, "Fabrikam")):
        own(player, [company], OFFERED)
        discard(player, ids(player)[company])

    night(cast.gina, "sightings", days - 1)
    assert len(kept(test_server, database)) == 2
    night(cast.gina, "sightings", days + 2)

    assert kept(test_server, database) == [("Fabrikam", "Anvils")]


def test_a_person_is_written_out_of_sightings_and_erased_in_them_and_that_renames_nothing(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    person = {"contact_name": "Eve Adamczyk", "contact_email": "eve@contoso.example", **leads.KNOWN}
    leads.lead(cast.sam, **person)
    with clock.at(OFFERED):
        stays = leads.lead(cast.sam, company_name="Eve Adamczyk", company_domain="adamczyk.example", need="Anvils")
        gone = leads.lead(cast.sam, company_name="Eve Adamczyk KG", need="Ask eve@contoso.example")
    discard(cast.sam, gone["id"])
    email = {"email": person["contact_email"]}

    [written] = cast.ada.call("POST", "/people/export", json=email, expect=200)["kept"]["former_leads"]
    erase(cast.ada, person["contact_email"])

    assert (written["lead_id"], written["company_name"]) == (gone["id"], "Eve Adamczyk KG")
    assert kept(test_server, database) == [("[erased] KG", "Ask [erased]")]
    assert cast.sam.call("GET", f"/leads/{stays['id']}", expect=200)["company_name"] == "[erased]"
    assert pipeline(cast.sam)["adamczyk.example|anvils"] == OFFERED


def test_nobody_writes_a_sighting_and_the_partner_reads_none(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    own(cast.gina, ["Contoso"], OFFERED)
    discard(cast.gina, ids(cast.gina)["Contoso"])
    change_it = (
        "INSERT INTO lead_sightings (organization_id) VALUES (%s)",
        "UPDATE lead_sightings SET seen_at = '2020-01-01' WHERE organization_id = %s",
    )
    for player, seen in ((cast.gina, 1), (cast.sam, 0)):
        mine = [str(player.actor.organization_id)]
        for role, statements in (("app", (*change_it, "DELETE FROM lead_sightings")), ("worker", change_it)):
            with psycopg.connect(roles.plain(test_server.url(role, database))) as connection:
                connection.execute("SELECT set_config('partnercrm.organization', %s, true)", mine)
                assert connection.execute("SELECT count(*) FROM lead_sightings").fetchone() == (seen,)
                for statement in statements:
                    with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                        connection.execute(statement, mine if "%s" in statement else None)  # type: ignore[arg-type]
