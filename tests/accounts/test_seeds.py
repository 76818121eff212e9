"""Tripwires by themselves: companies that do not exist, beside either side's lists; who lists one freezes all."""

import random
from datetime import timedelta
from typing import Any

import psycopg

from partnercrm.accounts import kept
from partnercrm.accounts.seeds import EACH, RENEWED, invented
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.accounts.conftest import Run
from tests.cast import Cast
from tests.factories import mapping
from tests.servers import TestServer


def seeds(server: TestServer, database: str) -> dict[Any, tuple[str, str]]:
    """Return what was made up, by id: names and domains."""
    query = (
        "SELECT a.id, a.name, d.domain FROM accounts a JOIN account_domains d ON d.account_id = a.id"
        " WHERE a.seeded_for IS NOT NULL"
    )
    with psycopg.connect(server.admin(database)) as connection:
        return {one: (name, domain) for one, name, domain in connection.execute(query)}


def test_what_is_made_up_stands_under_a_domain_nobody_has() -> None:
    made = [invented(random.Random(number).choice, "example") for number in range(200)]

    assert len({one.name for one in made}) == len({one.domain for one in made}) == len(made)
    assert all(one.domain.endswith(".example") and len(one.name.split()) == 2 for one in made)


def test_an_epoch_keeps_made_up_companies_on_either_side_and_nobody_reads_them(
    listed: Cast, run: Run, test_server: TestServer, database: str
) -> None:
    for player in (listed.sam, listed.gina):
        mapping.accounts(player, [f"{player.email} {number}" for number in range(4)])
    mapping.agreed(listed, "only_yours")
    run()
    made = seeds(test_server, database)
    assert len(made) == 2 * EACH
    run(mapping.later(1))
    assert seeds(test_server, database) == made

    for player in (listed.sam, listed.gina, listed.dana):
        mapping_id = listed.dana.call("GET", "/mappings", expect=200)["items"][0]["id"]
        for path in ("/accounts?limit=200", "/accounts/export?format=csv", f"/mappings/{mapping_id}/others"):
            text = player.response("GET", path).text
            assert not [name for name, domain in made.values() if name in text or domain in text]
    told = listed.sam.call("GET", f"/partnerships/{listed.partnership_id}/epochs", expect=200)["items"]
    assert (told[0]["first_listed"], told[0]["second_listed"]) == (1, 1)


def test_they_are_renewed(listed: Cast, run: Run, test_server: TestServer, database: str) -> None:
    mapping.agreed(listed)
    run()
    before = seeds(test_server, database)
    run(clock.now() + RENEWED + timedelta(days=1))

    after = seeds(test_server, database)
    assert len(after) == 2 * EACH
    assert not set(before) & set(after)


def test_those_of_a_partnership_that_ended_go(listed: Cast, run: Run, test_server: TestServer, database: str) -> None:
    mapping.agreed(listed)
    run()
    (kind,) = [one for one in kept.KINDS if one.name == "made_up_companies"]
    actor = Actor.system(listed.dana.actor.organization_id)
    with db.transaction(actor):
        assert kind.remover.remove(actor, clock.now() + timedelta(days=1), 100) == 0
    path = f"/partnerships/{listed.partnership_id}"
    tag = listed.dana.response("GET", path).headers["ETag"]
    listed.dana.call("POST", f"{path}/end", if_match=tag, expect=200)
    with db.transaction(actor):
        assert kind.remover.remove(actor, clock.now() + timedelta(days=1), 100) == EACH


def test_who_lists_one_freezes_the_mapping_before_anything_is_told(
    listed: Cast, run: Run, test_server: TestServer, database: str
) -> None:
    mapping.agreed(listed)
    run()
    for name, domain in seeds(test_server, database).values():
        mapping.account(listed.gina, name, web_domains=[domain])
    run(mapping.later(1))

    matrix = mapping.matrix(listed.sam, listed).json
    globex = str(listed.gina.actor.organization_id)
    assert [(one["wire"], one["about_id"]) for one in matrix["freezes"]] == [("fictitious", globex)]
