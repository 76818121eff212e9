"""Epochs: what comes later ripens, counts move in steps, lists that are unusual freeze, and the night runs them."""

import psycopg
from flask import Flask

from partnercrm.accounts import jobs
from partnercrm.kernel import clock
from tests.accounts.conftest import Run
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories import mapping
from tests.servers import TestServer


def test_what_comes_later_is_told_of_after_a_period_and_an_epoch_runs_once_a_week(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    run()
    for player in (listed.sam, listed.gina):
        mapping.accounts(player, ["Common later"])
    run(mapping.later(0))
    for weeks in (1, 2, 4):
        run(mapping.later(weeks))
        assert len(mapping.common(listed.gina, one)) == 4
    run(mapping.later(6))

    assert len(mapping.common(listed.gina, one)) == 5
    (cell,) = mapping.matrix(listed.gina, listed).json["cells"]
    assert (cell["added"], cell["gone"]) == (1, 0)
    epochs = listed.gina.call("GET", f"/partnerships/{listed.partnership_id}/epochs", expect=200)["items"]
    assert [epoch["number"] for epoch in epochs] == [5, 4, 3, 2, 1]
    shown = [(epoch["first_changed"], epoch["second_changed"]) for epoch in epochs]
    assert shown == [(0, 0), (0, 0), (0, 0), (1, 1), (0, 0)]


def test_of_what_is_agreed_between_epochs_what_comes_after_the_agreement_ripens_too(listed: Cast, run: Run) -> None:
    mapping.agreed(listed)
    run()
    retail = {"population_id": mapping.population(listed.dana, "Retail", industry=["Retail"])}
    one = mapping.propose(listed.dana, listed.partnership_id, "overlaps", **retail)
    body = {"population_id": mapping.population(listed.hank)}
    listed.hank.call("POST", f"/mappings/{one['id']}/agree", json=body, expect=200)
    run()
    mapping.accounts(listed.gina, ["Guess"])
    mapping.accounts(listed.sam, ["Guess"], industry="Retail")
    run(mapping.later(1))

    assert len(mapping.common(listed.gina, one)) == 4
    epoch = listed.gina.call("GET", f"/partnerships/{listed.partnership_id}/epochs", expect=200)["items"][0]
    assert (epoch["number"], epoch["first_changed"], epoch["second_changed"]) == (2, 1, 1)


def test_an_account_that_becomes_another_company_ripens_anew(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    run()
    changed = mapping.common(listed.sam, one)[0]["accounts"][0]["id"]
    tag = listed.sam.response("GET", f"/accounts/{changed}").headers["ETag"]
    told = {"name": "Globex's own", "web_domains": ["globex-s-own.com"]}
    listed.sam.call("PATCH", f"/accounts/{changed}", json=told, if_match=tag, expect=200)
    run(mapping.later(1))

    assert len(mapping.common(listed.sam, one)) == 3
    budget = listed.sam.call("GET", f"/partnerships/{listed.partnership_id}/mapping-budget", expect=200)
    assert (budget["came"], budget["went"], budget["comparisons_left"]) == (1, 0, 4)


def test_counts_are_compared_anew_four_times_a_period_and_told_when_they_moved_enough(listed: Cast, run: Run) -> None:
    mapping.agreed(listed, "counts")
    run()
    before = mapping.matrix(listed.sam, listed).json["cells"][0]
    for weeks in range(1, 5):
        for player in (listed.sam, listed.gina):
            mapping.accounts(player, [f"Common later {weeks}"])
        run(mapping.later(weeks))
        assert mapping.matrix(listed.sam, listed).json["cells"][0] == before
    budget = listed.sam.call("GET", f"/partnerships/{listed.partnership_id}/mapping-budget", expect=200)

    with clock.at(mapping.later(4)):
        budget = listed.sam.call("GET", f"/partnerships/{listed.partnership_id}/mapping-budget", expect=200)
    assert budget["comparisons_left"] == 0
    for player in (listed.sam, listed.gina):
        mapping.accounts(player, [f"Common many {number}" for number in range(24)])
    run(mapping.later(8))
    after = mapping.matrix(listed.sam, listed).json["cells"][0]
    assert after != before
    assert after["least"] >= 10


def test_a_large_overlap_freezes_before_anything_is_told_until_both_have_looked(cast: Cast, run: Run) -> None:
    names = [f"Common {number}" for number in range(50)]
    for player in (cast.sam, cast.gina):
        mapping.accounts(player, names)
    one = mapping.agreed(cast)
    run()
    run(mapping.later(2))

    seen = mapping.matrix(cast.sam, cast)
    assert seen.data == mapping.matrix(cast.gina, cast).data
    assert [freeze["wire"] for freeze in seen.json["freezes"]] == ["match_ratio"] * 2
    assert seen.json["epoch"] is None
    assert mapping.common(cast.sam, one) == []
    for freeze in seen.json["freezes"]:
        path = f"/mapping-freezes/{freeze['id']}/lift"
        cast.ines.call("POST", path, expect=404)
        assert len(cast.dana.call("POST", path, expect=200)["lifted_by"]) == 1
        assert cast.dana.call("POST", path, expect=409)["code"] == "freeze_lifted"
        run()
        assert mapping.common(cast.sam, one) == []
        assert len(cast.hank.call("POST", path, expect=200)["lifted_by"]) == 2
    run()

    assert len(mapping.common(cast.sam, one)) == 50
    assert mapping.matrix(cast.sam, cast).json["freezes"] == []


def test_whoever_lists_what_was_made_up_for_it_freezes(
    listed: Cast, run: Run, test_server: TestServer, database: str
) -> None:
    one = mapping.agreed(listed)
    mapping.account(listed.gina, "Made up")
    seeded = mapping.account(listed.sam, "Made up")["id"]
    with psycopg.connect(test_server.admin(database)) as connection:
        connection.execute("UPDATE accounts SET seeded_for = %s WHERE id = %s", [listed.partnership_id, seeded])
    run()

    (freeze,) = mapping.matrix(listed.sam, listed).json["freezes"]
    assert (freeze["wire"], freeze["about_id"]) == ("fictitious", str(listed.gina.actor.organization_id))
    assert mapping.common(listed.sam, one) == []


def test_what_is_paused_is_neither_proposed_nor_compared(listed: Cast, run: Run) -> None:
    mapping.agreed(listed)
    listed.dana.call("POST", f"/partnerships/{listed.partnership_id}/pause", json={}, expect=200)
    run()

    assert mapping.matrix(listed.sam, listed).json["epoch"] is None
    given = {"partnership_id": str(listed.partnership_id), "tier": "counts"}
    given["population_id"] = mapping.population(listed.dana)
    assert listed.dana.call("POST", "/mappings", json=given, expect=409)["code"] == "partnership_paused"


def test_the_night_compares_what_is_due_by_the_engine_itself_and_once(
    listed: Cast, app: Flask, test_server: TestServer, database: str
) -> None:
    one = mapping.agreed(listed)
    with on_database(app, test_server.url("worker", database)):
        for _ in range(2):
            jobs.run_epochs()
            jobs.run_epoch(str(listed.dana.actor.organization_id), str(listed.partnership_id))

    with psycopg.connect(test_server.admin(database)) as connection:
        queued = connection.execute(
            "SELECT args FROM procrastinate.procrastinate_jobs WHERE task_name = %s", ["accounts.run_epoch"]
        )
        assert len(queued.fetchall()) == 2
    assert len(mapping.common(listed.sam, one)) == 4
    assert len(listed.sam.call("GET", f"/partnerships/{listed.partnership_id}/epochs", expect=200)["items"]) == 1
