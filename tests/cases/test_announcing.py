"""Who is asked to moderate hears of it, and both sides of what the moderator does; nobody learns of an address."""

from collections.abc import Callable

import pytest
from flask import Flask

from partnercrm.kernel import jobs
from partnercrm.kernel.roles import plain
from tests.cast import Cast, person
from tests.conftest import on_database
from tests.factories import cases, terms
from tests.factories.notices import told
from tests.servers import TestServer


@pytest.fixture
def work(app: Flask, test_server: TestServer, database: str) -> Callable[[], None]:
    """Do what waits in the queue, as the worker and in its role."""
    url = test_server.url("worker", database)

    def done() -> None:
        with on_database(app, url):
            jobs.work(plain(url), wait=False)

    return done


def test_a_moderator_is_told_when_asked_and_when_the_case_lies_with_them(cast: Cast, work: Callable[[], None]) -> None:
    found = cases.invited(cast)
    work()
    assert told(cast.ines) == ["moderation.invited"]

    [asked] = cast.ines.call("GET", "/moderations", expect=200)["items"]
    cast.ines.call("POST", f"/moderations/{asked['id']}/accept", json={"declares": "None."}, expect=200)
    cast.gina.call("POST", f"/cases/{found['id']}/submit", expect=200)
    work()

    assert told(cast.ines) == ["moderation.submitted", "moderation.invited"]
    for player in (cast.dana, cast.hank):
        assert "case.moderator_answered" in told(player)
    [notice] = cast.ines.call("GET", "/notices?limit=1", expect=200)["items"]
    assert not {"Acme", "Globex"} & set(str(notice).replace("'", " ").split())


def test_both_sides_hear_what_the_moderator_asks(cast: Cast, work: Callable[[], None]) -> None:
    found = cases.submitted(cast)
    for text in ("When was it?", "And where?"):
        cast.ines.call("POST", f"/case-files/{found['id']}/ask", json={"text": text}, expect=200)
    work()

    for player in (cast.sam, cast.dana, cast.hank):
        assert told(player).count("case.asked") == 2


def test_whom_the_terms_name_is_asked_at_once(cast: Cast, work: Callable[[], None]) -> None:
    terms.agree(cast, moderator_email="Ines@Initech.example")
    other, agreed = cases.case(cast.sam, cast), cases.case(cast.gina, cast)

    waiting = cast.sam.call("POST", f"/cases/{other['id']}/moderator", json={"address": "x@y.example"}, expect=200)
    asked = cast.gina.call("POST", f"/cases/{agreed['id']}/moderator", json={"address": cases.MODERATOR}, expect=200)
    work()

    assert [one["naming"]["status"] for one in (waiting, asked)] == ["named", "invited"]
    assert told(cast.ines) == ["moderation.invited"]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_moderator_who_leaves_is_followed_and_both_sides_read_by_whom(
    app: Flask, cast: Cast, work: Callable[[], None], accepted: bool
) -> None:
    found = cases.submitted(cast) if accepted else cases.invited(cast)
    initech = cast.ines.actor.organization_id
    ivan = person(app, initech, "Ivan", "ivan@initech.example", "partner_manager")
    admin = person(app, initech, "Ida", "ida@initech.example", "admin")
    path, successor = f"/users/{cast.ines.actor.user_id}/close", {"successor_id": str(ivan.actor.user_id)}

    refused = admin.call("POST", path, json={}, expect=409)
    assert "cases to moderate" in refused["facts"]["holds"]
    admin.call("POST", path, json=successor, expect=200)
    work()

    naming = cast.gina.call("GET", f"/cases/{found['id']}", expect=200)["naming"]
    assert naming["address"] == ("ivan@initech.example" if accepted else cases.MODERATOR)
    assert ("case.moderator_followed" in told(cast.hank)) is accepted
    assert len(ivan.call("GET", "/moderations", expect=200)["items"]) == 1
    ivan.call("GET", f"/case-files/{found['id']}", expect=200 if accepted else 404)
