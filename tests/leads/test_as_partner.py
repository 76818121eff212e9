"""A lead as its partner sees it: by the partner's own code path, with nothing that is the partner's own."""

import re
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.cast import Cast
from tests.factories import leads
from tests.servers import TestServer
from tests.surfer import Surfer

PEOPLE = {"giver_member", "receiver_member"}


@pytest.mark.parametrize("status", ["offered", "accepted", "declined", "returned", "won"])
def test_its_giver_reads_what_its_receiver_reads_but_for_whom_it_names_there(cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)
    path = f"/offers/{made['id']}"
    shown = cast.sam.call("GET", f"{path}/as-partner", expect=200)
    read = cast.gina.call("GET", path, expect=200)

    assert {name: shown[name] for name in shown.keys() - PEOPLE} == {name: read[name] for name in read.keys() - PEOPLE}
    assert (shown["direction"], shown["receiver_member"]) == ("received", None)
    assert shown["giver_member"] == read["giver_member"]
    assert (shown["details"] is None) == (status in {"offered", "declined", "returned"})
    for player in (cast.gina, cast.nora, cast.ines):
        assert player.response("GET", f"{path}/as-partner").status_code == 404


def test_the_page_is_the_partners_page_without_its_steps(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id, company_name="Zanzibar Traders", notes="Our own notes")
    sam, gina = (Surfer.signed_in(cast.app, one.email) for one in (cast.sam, cast.gina))
    path = f"/offers/{made['id']}"

    assert f'href="{path}/as-partner"' in sam.open(path).text
    closed = sam.open(f"{path}/as-partner").text
    assert "Company and contact open when you accept" in closed
    assert not {"Zanzibar", "Our own notes", "/accept"} & set(re.findall(r"Zanzibar|Our own notes|/accept", closed))
    assert sam.open(f"{path}/as-partner").status_code == 200
    assert gina.open(f"{path}/as-partner").status_code == 404
    leads.step(cast.gina, made["id"], "accept")
    opened = sam.open(f"{path}/as-partner").text
    assert "Zanzibar" in opened
    assert "Gina" not in opened


def test_it_asks_for_nothing_of_the_partners_own_even_where_no_wall_stands(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    made: dict[str, Any] = leads.offer(cast.sam, cast.partnership_id)
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        for table in ("lead_assignments", "leads", "users"):
            connection.execute(SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(Identifier(table)))
    page = Surfer.signed_in(cast.app, cast.sam.email).open(f"/offers/{made['id']}/as-partner")

    assert page.status_code == 200
    assert not [mark for mark in (cast.gina.email, str(cast.gina.actor.user_id)) if mark in page.text]
