"""Sending guessed leads tells their giver nothing of what the receiver has: the attack, as somebody would try it.

Two histories differ only in the receiver's own leads. Whatever the giver can ask, in either of them it reads the same
bytes, as long as fewer leads are positive than a total tells; and where one tells, it is the total alone that differs.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.cast import Cast
from tests.conftest import on_database
from tests.factories.pursuits import agree_on_months, give, nonsense, offered_for, own, tell, window
from tests.leads.test_claiming import CLAIM
from tests.questions import questions
from tests.servers import TestServer
from tests.surfer import Surfer

ONE_GUESS = ["Guessed alone"]
SIX_KNOWN = [f"Public customer {number}" for number in range(6)]
LIKELY = [f"Likely customer {number}" for number in range(24)]
SENT = {
    "a guess among seven that nobody has": (ONE_GUESS, 7),
    "a guess among six public customers": (["Guessed among known", *SIX_KNOWN], 9),
    "a guess that is taken and qualified": (["Guessed and qualified"], 0),
    "many likely customers": (LIKELY, 0),
}
HIDDEN = ("Guessed alone", "Guessed among known", "Guessed and qualified")
# Tokens, ids of what is made while it is asked, and moments of now.
VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}\.\d+|\d{4}-\d\d-\d\dT[0-9:.+]+Z?|csrf_token.*|form_key.*")
# Whatever tells of leads; in another order, by fewer a page or in parts, a list tells nothing else.
ALL = ("/partnerships", "/offers", "/leads", "/activities", "/notices", "/cases", "/figures")
EARLY = ("/partnerships", "/activities")
PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
PARTS = ("status=", "kind=", "direction=", "format=jsonl", "limit=200", "tier=", "stands=", "unread=")
AGAIN = ("sort=", "limit=3", *(() if PROVE else PARTS))
Answers = Mapping[str, Any]


@pytest.fixture
def sent(app: Flask, cast: Cast, database: str) -> Iterator[str]:
    """A database in which Acme has sent guesses by every strategy, each in a window of its own, and again later."""
    agree_on_months(cast)
    for ago, (strategy, (companies, others)) in enumerate(SENT.items(), 1):
        at = offered_for(window(ago))
        if "qualified" in strategy:
            give(cast, companies, at + timedelta(days=180), "accept", "qualify")
        else:
            give(cast, [*companies, *nonsense(others)], at, "decline")
    # The same guess again, for the window that comes.
    give(cast, ["Guessed alone", *nonsense(7)], offered_for(window(0)), "decline")
    return database


@contextmanager
def world(application: Flask, server: TestServer, database: str) -> Iterator[str]:
    """A copy of that history, ids and all."""
    name = server.copy(database)
    try:
        with on_database(application, server.url("app", name)):
            yield name
    finally:
        server.drop(name)


def told(application: Flask, server: TestServer, sent: str, cast: Cast, has: list[str]) -> Answers:
    """Return all that Acme's people read where Globex has these companies, before and after the windows told."""
    with world(application, server, sent) as database:
        public = [*SIX_KNOWN, *has]
        own(cast.gina, [one for one in public if one != "Guessed and qualified"], offered_for(window(1)) + _SOON)
        own(cast.gina, [one for one in public if one == "Guessed and qualified"], offered_for(window(9)))
        before = {f"before: {name}": answer for name, answer in read(cast, EARLY).items()}
        tell(application, server, database)
        found = before | asked(application, cast)
        with psycopg.connect(server.admin(database)) as connection:
            rows = connection.execute("SELECT first_month, giver_id FROM window_totals ORDER BY 1, 2").fetchall()
        return found | {"rows": [str(row) for row in rows]}


_SOON = timedelta(days=20)


def asked(application: Flask, cast: Cast) -> dict[str, Any]:
    """Ask whatever a giver can: lists, reports, exports, the page, for a case about a guess, and to offer it again."""
    partnership = str(cast.partnership_id)
    found = read(cast, ALL)
    [guess] = [
        one["id"]
        for one in cast.sam.call("GET", "/leads?company=Guessed+alone&limit=1&sort=created_at", expect=200)["items"]
    ]
    offer = cast.sam.call("GET", f"/leads/{guess}", expect=200)["offer_id"]
    claimed = cast.sam.response("POST", f"/offers/{offer}/claim-credit", json=CLAIM)
    found["a claim"] = (claimed.status_code, plain(claimed.text))
    again = cast.sam.response("POST", "/offers", json={"lead_id": guess, "partnership_id": partnership})
    found["the lead once more"] = (again.status_code, plain(again.text))
    surfer = Surfer.signed_in(application, cast.dana.email)
    found["the page"] = plain(surfer.open(f"/partnerships/{partnership}/reciprocity").text)
    return found


def read(cast: Cast, beginning: tuple[str, ...]) -> dict[str, Any]:
    """Return every answer to a question whose path begins so."""
    partnership = str(cast.partnership_id)
    [guess] = cast.sam.call("GET", "/offers?sort=offered_at&limit=1", expect=200)["items"]
    known = {"partnership_id": [partnership], "offer_id": [guess["id"]], "verb": ["lead.offered"], "month": ["2026-01"]}
    months = [
        f"/partnerships/{partnership}/reciprocity?window={window(ago).first}..{window(ago).last}" for ago in (1, 2)
    ]
    found = {}
    for path in [*questions(known), *months]:
        if path.startswith(beginning) and not any(one in path for one in AGAIN):
            answer = cast.dana.response("GET", path)
            found[path] = (answer.status_code, plain(answer.headers.get("ETag", "")), plain(answer.text))
    return found


def plain(text: str) -> str:
    return VARYING.sub("#", text)


def test_guessed_leads_tell_nothing_and_many_tell_one_rounded_total(
    application: Flask, app: Flask, cast: Cast, sent: str, test_server: TestServer
) -> None:
    """That many tell shows as well that the comparison can fail."""
    without, with_all, with_many = (
        told(application, test_server, sent, cast, has) for has in ([], list(HIDDEN), LIKELY[:15])
    )

    assert with_all == without
    differing = {name for name in without if without[name] != with_many[name]}
    report = f"/partnerships/{cast.partnership_id}/reciprocity"
    sheet = f"/partnerships/{cast.partnership_id}/fact-sheet"
    assert {name.partition("?")[0] for name in differing} == {report, f"{report}/steps", sheet, "the page"}
    assert len(re.findall('"pursued":8,"influenced":null', with_many[report][2])) == 1
