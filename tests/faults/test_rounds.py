"""Exchange rounds under races, faults and changes past the application: revealed once and whole, or not at all."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
import pytest

from tests.cast import Cast
from tests.crowd import at_once
from tests.factories import leads, rounds
from tests.servers import TestServer

RACES = 50 if os.environ.get("PARTNERCRM_PROVE") == "1" else 2
ROBIN = {"contact_name": "Bo", "contact_email": "bo@contoso.example", **leads.KNOWN}
Database = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def ask(database: str, test_server: TestServer) -> Database:
    """Ask this test's database as the administrator, who sees and may do all."""

    def asked(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(test_server.admin(database)) as connection:
            done = connection.execute(query)
            return done.fetchall() if done.description else []

    return asked


def ready(cast: Cast) -> dict[str, Any]:
    """Return an open round for which either side has picked its lead."""
    one = rounds.opened(cast.dana, cast.hank, cast.partnership_id, leads_each=1)
    return rounds.filled(one, cast.sam, cast.gina)


def made(ask: Database) -> tuple[int, ...]:
    """Return how many offers, details and steps there are, and what still lies under seal."""
    tables = ("offers", "offer_details", "lead_steps", "sealed_documents")
    [counts] = ask(f"SELECT {', '.join(f'(SELECT count(*) FROM {table})' for table in tables)}")
    return counts


def test_both_sides_sealing_at_the_same_moment_reveal_once(
    cast: Cast, ask: Database, record_property: Callable[[str, object], None]
) -> None:
    for number in range(1, RACES + 1):
        seal = f"/rounds/{ready(cast)['id']}/seal"
        answers = at_once([partial(cast.dana.response, "POST", seal), partial(cast.hank.response, "POST", seal)])

        assert [answer.status_code for answer in answers] == [200, 200]
        assert sorted(answer.json["status"] for answer in answers) == ["open", "revealed"]
        assert made(ask) == (2 * number, 2 * number, 2 * number, 0)
    record_property("rounds sealed by both at once", RACES)


def test_of_a_seal_and_the_rounds_end_exactly_one_wins(cast: Cast, ask: Database) -> None:
    for _ in range(RACES):
        one, (before, *_) = ready(cast), made(ask)
        rounds.seal(cast.dana, one)
        path = f"/rounds/{one['id']}"
        answers = at_once(
            [
                partial(cast.hank.response, "POST", f"{path}/seal"),
                partial(cast.dana.response, "POST", f"{path}/break-off"),
            ]
        )

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        revealed = cast.gina.call("GET", path)["status"] == "revealed"
        assert made(ask)[0] - before == (2 if revealed else 0)


def test_a_fault_amid_the_reveal_leaves_nothing_half_done(cast: Cast, ask: Database) -> None:
    one = ready(cast)
    rounds.seal(cast.dana, one)
    acme, globex = cast.dana.actor.organization_id, cast.hank.actor.organization_id
    ask(
        f"""CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
            BEGIN
                IF NEW.giver_id = greatest('{acme}', '{globex}')::uuid THEN RAISE 'planted'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER planted BEFORE INSERT ON lead_steps FOR EACH ROW EXECUTE FUNCTION planted()"""
    )
    before = cast.hank.call("GET", f"/rounds/{one['id']}"), made(ask)
    assert cast.hank.response("POST", f"/rounds/{one['id']}/seal").status_code == 500
    assert (cast.hank.call("GET", f"/rounds/{one['id']}"), made(ask)) == before

    ask("DROP TRIGGER planted ON lead_steps")
    assert rounds.seal(cast.hank, one)["status"] == "revealed"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sealed_documents SET document = jsonb_set(document, '{leads,0,teaser,need}', '\"Other\"')",
        "UPDATE sealed_documents SET salt = sha256('other')",
        "UPDATE round_picks SET details = jsonb_set(details, '{company_name}', '\"Other\"') WHERE offer_id IS NOT NULL",
        "UPDATE round_picks SET details_salt = sha256('other') WHERE offer_id IS NOT NULL",
    ],
    ids=["teaser", "salt", "details", "details' salt"],
)
def test_what_was_changed_since_it_was_sealed_is_not_revealed(change: str, cast: Cast, ask: Database) -> None:
    one = ready(cast)
    rounds.seal(cast.dana, one)
    ask(change)

    seen = rounds.seal(cast.hank, one)

    withdrawn = {seal["organization_id"]: seal["withdrawn_at"] is not None for seal in seen["seals"]}
    assert withdrawn == {
        str(cast.dana.actor.organization_id): True,
        str(cast.hank.actor.organization_id): False,
    }
    assert (seen["status"], made(ask)) == ("open", (0, 0, 0, 1))


def test_an_erased_person_leaves_what_lies_under_seal_and_what_was_revealed(cast: Cast, ask: Database) -> None:
    one = rounds.opened(cast.dana, cast.hank, cast.partnership_id, leads_each=1, note="Ask bo@contoso.example.")
    rounds.pick(cast.sam, one, leads.lead(cast.sam, **ROBIN), message="Write to bo@contoso.example.")
    rounds.seal(cast.dana, one)
    address = {"email": "bo@contoso.example", "confirmed_email": "bo@contoso.example"}

    cast.ada.call("POST", "/people/erase", json=address, expect=200)

    kept = (
        "SELECT note, (SELECT string_agg(concat(message, details, offer_id), '') FROM round_picks) FROM exchange_rounds"
    )
    assert ask(kept) == [("Ask [erased].", "Write to [erased].")]
    rounds.filled(one, cast.gina)
    assert rounds.seal(cast.hank, one)["status"] == "open"
    assert rounds.seal(cast.dana, one)["status"] == "revealed"
