"""Keys of a company's need whose rule has changed: found as before meanwhile, made anew in pieces, counted anew."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.roles import plain
from partnercrm.leads.actions import keying, rolling
from partnercrm.leads.queries import pursuits
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories import leads
from tests.servers import TestServer

AGED = """
    UPDATE offer_details SET company_key = lower(company_name) || '|kite', name_key = lower(company_name) || '|kite',
                             keys_version = 1
"""
STANDS = """
    SELECT (SELECT count(*) FROM offer_details WHERE keys_version < 3),
           (SELECT count(DISTINCT company_mark) FROM offer_marks), (SELECT count(*) FROM exchange_settlements)
"""


def offered(cast: Cast, company: str, need: str = "Kite", expect: int = 201) -> str:
    """Let Acme offer a company's need; return the offer's id, or why it was refused."""
    lead = leads.lead(cast.sam, company_name=company, need=need)
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    answered = cast.sam.call("POST", "/offers", json=given, expect=expect)
    return str(answered["id"] if expect == 201 else answered["code"])


def stands(database: str, server: TestServer, first: str = "") -> tuple[int, ...]:
    """Return how many keys are of before, how many companies are told apart, and how many exchanges are rolled up."""
    with psycopg.connect(server.admin(database)) as admin:
        if first:
            admin.execute(first)  # type: ignore[arg-type]
        found: tuple[int, ...] = admin.execute(STANDS).fetchone() or ()
        return found


def test_keys_of_before_are_found_meanwhile_and_made_anew_piece_by_piece(
    cast: Cast, application: Flask, database: str, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for company in ("Contoso GmbH", "Fabrikam GmbH", "Wingtip GmbH"):
        offered(cast, company)
    with clock.at(clock.now() + timedelta(days=100)):
        leads.step(cast.gina, offered(cast, "CONTOSO GMBH", "Other"), "accept")
    acme = Actor.system(cast.sam.actor.organization_id)
    monkeypatch.setattr(keying, "PIECE", 2)
    assert stands(database, test_server, AGED)[:2] == (4, 3)

    with on_database(application, test_server.url("worker", database)):
        with db.transaction(acme):
            rolling.roll_up(acme, cast.partnership_id)
        assert offered(cast, "contoso gmbh", expect=409) == "same_lead_with_partner"
        broken_off = next(keying.make_keys_anew(acme))
        assert (broken_off, stands(database, test_server)[0]) == (2, 2)
        assert list(keying.make_keys_anew(acme)) == [0]
        assert list(keying.make_keys_anew(acme)) == []

    assert stands(database, test_server) == (0, 3, 0)
    for company in ("CONTOSO", "Fabrikam Inc.", "wingtip"):
        assert offered(cast, company, expect=409) == "same_lead_with_partner"


@pytest.mark.parametrize("other", ["Harbour crane", "Crane, harbour"])
def test_a_need_in_the_plural_or_turned_round_earns_no_second_credit(cast: Cast, other: str) -> None:
    """Who gave one need could else give it again, as another of the same company, within the 90 days."""
    first = offered(cast, "Contoso", "Harbour cranes")
    assert offered(cast, "Contoso", other, expect=409) == "same_lead_with_partner"
    for verb in ("accept", "qualify"):
        leads.step(cast.gina, first, verb)
    cast.sam.call("POST", f"/offers/{first}/take-back", expect=200)
    assert leads.step(cast.gina, offered(cast, "Contoso", other), "accept")["reason"] == "duplicate"

    report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)

    [credit] = [one["credit"] for one in report["organizations"] if one["name"] == "Acme"]
    assert (credit["credited"], credit["repeated"]) == (1, 0)


def test_a_need_kept_by_the_rule_before_is_found_meanwhile_and_made_anew(
    cast: Cast, application: Flask, database: str, test_server: TestServer
) -> None:
    offered(cast, "Contoso", "Harbour cranes")
    kept = "'contoso|harbour cranes'"
    stands(database, test_server, f"UPDATE offer_details SET company_key = {kept}, name_key = {kept}, keys_version = 2")
    assert offered(cast, "Contoso", "Harbour cranes", expect=409) == "same_lead_with_partner"

    with on_database(application, test_server.url("worker", database)):
        assert list(keying.make_keys_anew(Actor.system(cast.sam.actor.organization_id))) == [0]

    assert offered(cast, "Contoso", "Harbour crane", expect=409) == "same_lead_with_partner"


def test_one_company_written_in_two_ways_is_one_for_marks_once_made_anew(
    cast: Cast, application: Flask, database: str, test_server: TestServer
) -> None:
    for company, need in (("Contoso GmbH", "Kite"), ("CONTOSO", "Storage")):
        leads.step(cast.gina, offered(cast, company, need), "accept")
    assert stands(database, test_server)[1] == 1
    assert stands(database, test_server, AGED)[1] == 2
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    before = cast.dana.call("GET", path, expect=200)

    with on_database(application, test_server.url("worker", database)):
        assert list(keying.make_keys_anew(Actor.system(cast.sam.actor.organization_id))) == [0]

    assert stands(database, test_server)[1] == 1
    after = [
        player.response("GET", path, query_string={"as_of": before["as_of"]}).data for player in (cast.dana, cast.gina)
    ]
    assert after[0] == after[1]
    assert b"share_first" in after[0]


def test_the_pipeline_is_known_by_either_rule_and_nobody_rewrites_keys(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    offered(cast, "Contoso GmbH")
    leads.lead(cast.gina, company_name="Contoso Ltd.", need="Kite")
    globex = Actor.system(cast.gina.actor.organization_id)
    with db.transaction(globex):
        assert set(pursuits.own_pipeline(globex, clock.now())) == {"contoso|kite", "contoso ltd|kite"}
    for side in (cast.sam, cast.gina):
        with psycopg.connect(plain(test_server.url("app", database))) as app:
            organization = str(side.actor.organization_id)
            app.execute("SELECT set_config('partnercrm.organization', %s, true)", [organization])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("UPDATE offer_details SET company_key = 'guessed|kite'")


def test_another_spelling_asks_nothing_of_what_the_partner_keeps_closed(cast: Cast) -> None:
    """A guess in any spelling is taken as long as the partner's own offer is not open to the guesser."""
    hidden = leads.offer(cast.gina, cast.partnership_id, company_name="CONTOSO", need="Kite")["id"]
    leads.lead(cast.gina, company_name="Contoso AG", need="Kite")

    first = offered(cast, "Contoso GmbH")

    assert UUID(first)
    assert offered(cast, "Contoso Inc.", expect=409) == "same_lead_with_partner"
    leads.step(cast.sam, hidden, "accept")
