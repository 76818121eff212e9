"""What is past its time goes, by the organization's own periods, in batches, and nothing of anybody else's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from partnercrm.identity import jobs, retention
from partnercrm.identity.actions import retaining
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.factories import imports, leads
from tests.servers import TestServer
from tests.surfer import Surfer

PERSON = {"contact_name": "Robin Vale", "contact_email": "robin@contoso.example", **leads.KNOWN}
Kinds = dict[str, dict[str, Any]]


def periods(player: Player) -> Kinds:
    return {kind["kind"]: kind for kind in player.call("GET", "/retention", expect=200)["kinds"]}


def change(player: Player, expect: int = 200, **chosen: int) -> Any:
    tag = player.response("GET", "/retention").headers["ETag"]
    return player.call("PATCH", "/retention", json={"periods": chosen}, if_match=tag, expect=expect)


def run(player: Player, *names: str, days: float) -> None:
    """Do what the worker would at night, so many days from now, with these kinds alone."""
    every = retention.kinds()
    retention.install(kind for kind in every if kind.name in names)
    try:
        with clock.at(clock.now() + timedelta(days=days)):
            jobs.remove_past(str(player.actor.organization_id))
    finally:
        retention.install(every)


def stored(player: Player, query: str) -> list[Any]:
    with db.transaction(player.actor, read_only=True):
        return list(db.session().execute(text(query)).scalars())


def test_periods_have_defaults_and_bounds_and_the_record_says_who_changed_what(cast: Cast) -> None:
    before = periods(cast.ada)
    assert {name: kind["days"] for name, kind in before.items()} == {kind.name: kind.days for kind in retention.kinds()}
    assert all(kind["least_days"] <= kind["days"] <= kind["most_days"] for kind in before.values())

    refused = change(cast.ada, expect=422, drafts=1, notices=3650, gossip=5)
    assert {error["field"] for error in refused["errors"]} == {"periods.drafts", "periods.notices", "periods.gossip"}
    change(cast.ada, drafts=60, notices=365)

    assert periods(cast.ada)["drafts"]["days"] == 60
    [told] = [one for one in cast.ada.call("GET", "/activities")["items"] if one["verb"] == "retention.changed"]
    assert told["facts"] == {"was": {"drafts": 1095}, "now": {"drafts": 60}}
    assert told["user_id"] == str(cast.ada.actor.user_id)
    assert periods(cast.ines)["drafts"]["days"] == 1095


def test_only_administrators_read_and_change_periods_and_from_what_they_read(cast: Cast) -> None:
    for player in (cast.sam, cast.dana):
        player.call("GET", "/retention", expect=403)
        player.call("PATCH", "/retention", json={"periods": {}}, if_match="none", expect=403)
    tag = cast.ada.response("GET", "/retention").headers["ETag"]
    change(cast.ada, drafts=60)
    cast.ada.call("PATCH", "/retention", json={"periods": {"drafts": 70}}, if_match=tag, expect=412)
    cast.ada.call("PATCH", "/retention", json={"periods": {"drafts": 70}}, expect=428)


def test_contacts_of_finished_leads_are_emptied_with_their_copies_and_the_steps_stay(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id, **PERSON)
    leads.step(cast.gina, made["id"], "accept")
    leads.step(cast.gina, made["id"], "disqualify", reason="no_budget")
    going_on = leads.offer(cast.sam, cast.partnership_id, **PERSON)
    leads.step(cast.gina, going_on["id"], "accept")
    tag = cast.gina.response("GET", f"/offers/{made['id']}").headers["ETag"]

    run(cast.ada, "contacts", days=729)
    assert cast.gina.call("GET", f"/offers/{made['id']}")["details"]["contact_name"] == "Robin Vale"
    run(cast.ada, "contacts", days=731)

    seen = cast.gina.response("GET", f"/offers/{made['id']}")
    assert (seen.json["status"], seen.json["contact_role"]) == ("disqualified", None)
    assert {seen.json["details"][name] for name in PERSON} == {None}
    assert seen.headers["ETag"] != tag
    receipts = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}/disclosures?subject_id={made['id']}")[
        "items"
    ]
    assert (next(iter(PERSON)) in receipts[0]["emptied"], receipts[0]["emptied_at"] is None) == (True, False)
    kept = {lead["offer_id"]: lead for lead in cast.sam.call("GET", "/leads")["items"]}
    assert kept[made["id"]]["contact_name"] is None
    assert kept[going_on["id"]]["contact_name"] == "Robin Vale"
    assert cast.gina.call("GET", f"/offers/{going_on['id']}")["details"]["contact_name"] == "Robin Vale"


def test_the_receivers_period_moves_nothing_of_the_givers(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id, **PERSON)
    leads.step(cast.gina, made["id"], "accept")
    leads.step(cast.gina, made["id"], "disqualify", reason="no_budget")

    run(cast.hank, "contacts", "closed_offers", "drafts", days=3000)

    assert cast.sam.call("GET", f"/offers/{made['id']}")["details"]["contact_name"] == "Robin Vale"


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_details_of_offers_that_came_to_nothing_go_and_that_they_were_made_stays(cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)

    run(cast.ada, "closed_offers", days=179)
    assert cast.sam.call("GET", f"/offers/{made['id']}")["details"] is not None
    run(cast.ada, "closed_offers", days=181)

    for player in (cast.sam, cast.gina):
        seen = player.call("GET", f"/offers/{made['id']}", expect=200)
        assert (seen["status"], seen["details"]) == (status, None)
    report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    assert sum(side["given"]["offered"] + side["given"]["withdrawn"] for side in report["organizations"]) == 1


def test_drafts_go_that_nobody_touched_and_were_never_offered(cast: Cast) -> None:
    untouched, touched = leads.lead(cast.sam), leads.lead(cast.sam)
    offered = leads.offer_at(cast, "declined")
    tag = cast.sam.response("GET", f"/leads/{touched['id']}").headers["ETag"]
    with clock.at(clock.now() + timedelta(days=90)):
        cast.sam.call("PATCH", f"/leads/{touched['id']}", json={"need": "Kite"}, if_match=tag, expect=200)
    change(cast.ada, drafts=30)

    run(cast.ada, "drafts", days=31)

    left = {lead["id"] for lead in cast.sam.call("GET", "/leads")["items"]}
    assert untouched["id"] not in left
    assert {lead["offer_id"] for lead in cast.sam.call("GET", "/leads")["items"]} >= {offered["id"]}


def test_a_file_goes_by_its_period_and_undoing_ends_with_it(cast: Cast) -> None:
    done = imports.run(cast.sam, imports.sent(cast.sam))
    change(cast.ada, import_files=2)

    run(cast.ada, "import_files", "imports", days=3)

    for table in ("lead_import_pieces", "lead_import_rows", "lead_import_changes"):
        assert stored(cast.sam, f"SELECT count(*) FROM {table}") == [0]
    with clock.at(clock.now() + timedelta(days=3)):
        assert cast.sam.call("POST", f"/imports/{done['id']}/undo", expect=409)["code"] == "import_not_possible"
    run(cast.ada, "import_files", "imports", days=731)
    cast.sam.call("GET", f"/imports/{done['id']}", expect=404)


def test_notices_links_invitations_and_tokens_go_after_their_time(cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    invited = {"email": "uma@acme.example", "name": "Uma", "roles": ["seller"]}
    cast.ada.call("POST", "/invitations", json=invited, expect=201)
    token = cast.sam.call("POST", "/tokens", json={"name": "mine", "scopes": ["leads:read"]}, expect=201)
    cast.sam.call("POST", f"/tokens/{token['id']}/revoke", expect=200)

    run(cast.ada, "invitations", "tokens", days=366)
    run(cast.ada, "notices", "mail_links", days=366)

    assert stored(cast.ada, "SELECT count(*) FROM invitations") == [1]
    assert token["id"] not in {str(one) for one in stored(cast.ada, "SELECT id FROM api_tokens")}
    assert stored(cast.ada, "SELECT count(*) FROM notices") == [0]
    run(cast.ada, "invitations", days=500)
    assert stored(cast.ada, "SELECT count(*) FROM invitations") == [0]


def test_a_run_goes_on_in_batches_and_is_one_entry_of_the_record_with_numbers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "BATCH", 2)
    for _ in range(5):
        leads.lead(cast.sam, company_name="Secretive")
    theirs = leads.lead(cast.gina)
    assert periods(cast.ada)["drafts"]["removed"] is None
    change(cast.ada, drafts=30)

    run(cast.ada, "drafts", "notices", days=31)

    shown = periods(cast.ada)
    assert (shown["drafts"]["removed"], shown["drafts"]["due"]) == (5, 0)
    assert (shown["notices"]["removed"], shown["notices"]["due"]) == (None, None)
    [told] = [one for one in cast.ada.call("GET", "/activities")["items"] if one["verb"] == "retention.applied"]
    assert told["facts"]["removed"]["drafts"] == 5
    assert "notices" not in told["facts"]["removed"]
    assert cast.gina.call("GET", f"/leads/{theirs['id']}", expect=200)
    run(cast.ada, "drafts", "notices", days=32)
    again = [one for one in cast.ada.call("GET", "/activities")["items"] if one["verb"] == "retention.applied"]
    assert len(again) == 1


def test_the_worker_may_remove_every_kind(app: Flask, cast: Cast, test_server: TestServer, database: str) -> None:
    refused = {}
    with on_database(app, test_server.url("worker", database)):
        for kind in retention.kinds():
            try:
                with db.transaction(Actor.system(cast.sam.actor.organization_id)):
                    retaining.remove_some(Actor.system(cast.sam.actor.organization_id), kind)
            except ProgrammingError as error:
                refused[kind.name] = str(error.orig)

    assert refused == {}
    assert len(retention.kinds()) > 10


def test_every_night_each_organization_gets_a_job_of_its_own(
    app: Flask, cast: Cast, database: str, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    deferred: list[tuple[str, Any]] = []
    monkeypatch.setattr(jobs.jobs, "defer", lambda name, organization_id: deferred.append((name, organization_id)))

    with on_database(app, test_server.url("worker", database)):
        jobs.apply_retention()

    mine = {cast.ada.actor.organization_id, cast.hank.actor.organization_id, cast.ines.actor.organization_id}
    assert {name for name, _ in deferred} == {"identity.remove_past"}
    assert mine <= {organization_id for _, organization_id in deferred}
    assert len(deferred) == len(set(deferred))


def test_the_page_shows_periods_and_what_is_due_and_names_a_wrong_one(app: Flask, cast: Cast) -> None:
    ada = Surfer.signed_in(app, "ada@acme.example")
    path = "/organization/retention"
    shown = re.search(r'name="version" value="([^"]+)"', ada.open(path).text)
    version = shown[1] if shown else ""

    assert "There was no run yet" in ada.open(path).text
    refused = ada.send(path, {"periods.drafts": "5", "version": version}, shown_on=path)
    assert (refused.status_code, "Between 30 and 3650 days." in refused.text) == (422, True)
    changed = ada.send(path, {"periods.drafts": "45", "version": version}, shown_on=path)
    assert changed.status_code == 303
    assert 'value="45"' in ada.open(path).text
    stale = ada.send(path, {"periods.drafts": "46", "version": version}, shown_on=path)
    assert stale.status_code == 409
