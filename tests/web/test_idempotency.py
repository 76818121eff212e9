"""Repeating a request under its Idempotency-Key: one effect, the same answer, and nothing shown that is closed now."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest

from partnercrm.kernel import db
from partnercrm.web import idempotency
from tests.cast import Cast, Player
from tests.crowd import at_once
from tests.factories import leads
from tests.servers import TestServer

LEAD = {"company_name": "Northwind", "need": "Anvils"}


def enter(player: Player, key: str, **fields: Any) -> Any:
    return player.response("POST", "/leads", key=key, json=LEAD | fields)


def count(server: TestServer, database: str, table: str) -> int:
    with psycopg.connect(server.admin(database)) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]
    assert found
    return int(found[0])


def test_the_first_answer_is_replayed_byte_for_byte(cast: Cast) -> None:
    first, again = (enter(cast.sam, "k-1") for _ in range(2))

    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert first.headers["ETag"] == again.headers["ETag"]
    assert first.headers["Content-Type"] == again.headers["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(cast.sam.call("GET", "/leads")["items"]) == 1


def test_fifty_threads_on_one_key_have_one_effect(cast: Cast, test_server: TestServer, database: str) -> None:
    answers = at_once([partial(enter, cast.sam, "k-50")] * 50)

    assert {answer.status_code for answer in answers} <= {201, 409}
    created = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in created}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in created) == 1
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} <= {"request_in_flight"}
    assert count(test_server, database, "leads") == 1
    assert enter(cast.sam, "k-50").data == created[0].data


def test_threads_that_offer_one_lead_under_one_key_offer_it_once(
    cast: Cast, test_server: TestServer, database: str
) -> None:
    given = {"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)}

    answers = at_once([partial(cast.sam.response, "POST", "/offers", key="k-offer", json=given)] * 12)

    told = Counter((answer.status_code, answer.json.get("code")) for answer in answers)
    assert set(told) <= {(201, None), (409, "request_in_flight")}
    for table in ("offers", "lead_steps", "procrastinate.procrastinate_jobs WHERE task_name = 'leads.expire_offer'"):
        assert count(test_server, database, table) == 1


@pytest.mark.parametrize(
    ("path", "given"),
    [("/leads", LEAD | {"need": "Other"}), ("/tokens", {"name": "x", "scopes": ["leads:read"]})],
)
def test_a_key_used_for_something_else_is_refused(cast: Cast, path: str, given: dict[str, Any]) -> None:
    enter(cast.sam, "k-2")

    refused = cast.sam.call("POST", path, key="k-2", json=given, expect=422)

    assert refused["code"] == "idempotency_key_reused"


def test_keys_belong_to_the_token_that_sent_them(cast: Cast) -> None:
    ids = {enter(player, "k-3").json["id"] for player in (cast.sam, cast.nora, cast.gina, cast.ines)}

    assert len(ids) == 4


@pytest.mark.parametrize("key", ["", "x" * 256, "naïve"])
def test_a_key_that_cannot_be_one_is_refused(cast: Cast, key: str) -> None:
    assert enter(cast.sam, key).status_code == 400


@pytest.mark.parametrize("key", ["x", "x" * 255, "with space & 'quotes'"])
def test_every_printable_key_works(cast: Cast, key: str) -> None:
    assert enter(cast.sam, key).data == enter(cast.sam, key).data


def test_a_refusal_is_not_kept_so_that_the_request_can_be_mended(cast: Cast) -> None:
    assert enter(cast.sam, "k-4", need="").status_code == 422
    assert enter(cast.sam, "k-4").status_code == 201


def test_work_that_fails_leaves_no_answer_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(idempotency.Attempt, "keep", lambda *_, **__: 1 / 0)
        assert enter(cast.sam, "k-5").status_code == 500

    assert cast.sam.call("GET", "/leads")["items"] == []
    assert "Idempotency-Replayed" not in enter(cast.sam, "k-5").headers


def test_a_request_still_being_worked_on_is_told_so(cast: Cast) -> None:
    with held(cast.sam, "k-6"):
        (told,) = at_once([partial(enter, cast.sam, "k-6")])

    assert (told.status_code, told.json["code"]) == (409, "request_in_flight")
    assert enter(cast.sam, "k-6").status_code == 201


def test_an_answer_is_closed_with_the_partnership_it_tells_of(cast: Cast) -> None:
    given = {"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)}
    offered = cast.sam.call("POST", "/offers", key="k-7", json=given, expect=201)
    accept = partial(cast.gina.response, "POST", f"/offers/{offered['id']}/accept", key="k-7")
    assert accept().status_code == 200
    path = f"/partnerships/{cast.partnership_id}"

    tag = cast.hank.response("GET", path).headers["ETag"]
    end = partial(cast.hank.response, "POST", f"{path}/end", key="k-8", if_match=tag)
    ended = end()

    assert accept().status_code == 404
    cast.sam.call("POST", "/offers", key="k-7", json=given, expect=404)
    assert end().data == ended.data


def test_an_answer_is_closed_to_a_member_who_was_released(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    accept = partial(cast.gina.response, "POST", f"/offers/{offered['id']}/accept", key="k-9")
    assert accept().status_code == 200
    partnership = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}")
    gina = next(member["id"] for member in partnership["members"] if member["name"] == "Gina")

    cast.hank.call("POST", f"/partnerships/{cast.partnership_id}/members/{gina}/release", expect=200)

    assert accept().status_code == 404


def test_an_answer_about_a_lead_is_closed_when_the_lead_is_gone(cast: Cast) -> None:
    entered = enter(cast.sam, "k-10")
    path = f"/leads/{entered.json['id']}"
    discard = partial(cast.sam.response, "DELETE", path, key="k-11", if_match=entered.headers["ETag"])

    assert [discard().status_code for _ in range(2)] == [204, 204]
    assert enter(cast.sam, "k-10").status_code == 404


def test_a_secret_is_not_kept_and_a_repeat_says_what_was_made(
    cast: Cast, test_server: TestServer, database: str
) -> None:
    make = partial(cast.sam.response, "POST", "/tokens", key="k-12", json={"name": "crm", "scopes": ["leads:read"]})
    made, repeated = make(), make()

    assert made.json["secret"].startswith("pcrm_user_")
    assert (repeated.status_code, repeated.json["code"]) == (409, "already_done")
    assert repeated.json["facts"] == {"id": made.json["id"]}
    with psycopg.connect(test_server.admin(database)) as connection:
        assert connection.execute("SELECT body FROM idempotency_keys").fetchall() == [(None,)]


def test_a_file_sent_again_is_imported_once(cast: Cast) -> None:
    first, again, other = (upload(cast.sam, "k-13", rows) for rows in (b"1,A,B\n", b"1,A,B\n", b"2,A,B\n"))

    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def upload(player: Player, key: str, rows: bytes) -> Any:
    mapping = "external_id=id,company_name=account,need=product"
    data = {"connector": "f", "mapping": mapping, "file": (io.BytesIO(b"id,account,product\n" + rows), "leads.csv")}
    return player.response("POST", "/leads/import", key=key, data=data)


@contextmanager
def held(player: Player, key: str) -> Iterator[None]:
    """Hold the key as a request does that has not ended."""
    actor = player.actor
    with db.transaction(actor):
        attempt = idempotency.Attempt(actor, key, b"")
        assert attempt.earlier(None) is None
        yield


def test_the_key_is_held_for_its_owner_alone(cast: Cast) -> None:
    with held(cast.sam, "k-14"):
        entered = at_once([partial(enter, cast.gina, "k-14"), partial(enter, cast.sam, "k-15")])

    assert [answer.status_code for answer in entered] == [201, 201]
