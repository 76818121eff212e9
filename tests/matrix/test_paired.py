"""Paired histories: nobody of the other side can tell apart what differs only in what one side keeps to itself."""

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from partnercrm.kernel import clock, jobs
from partnercrm.kernel.mail import Mailbox
from partnercrm.kernel.roles import plain as plain_url
from partnercrm.leads.models.rounds import RoundPick
from partnercrm.leads.queries import rounds
from partnercrm.settings import settings
from tests.conftest import on_database
from tests.matrix import test_pages
from tests.matrix.conftest import Scratch
from tests.matrix.pairing import Listening, differing, forget_jobs, heard_as, live, queued
from tests.matrix.people import PROVE
from tests.matrix.test_two_walls import remove_wall
from tests.matrix.world import World
from tests.servers import TestServer

# Everything here is run elsewhere too; measured again in every cell, it took a third longer.
pytestmark = pytest.mark.no_cover

Hear = Callable[..., dict[str, str]]


class _AtTheSameMoment:
    """A context of a request's own in which it is the same moment in either history."""

    moment = clock.now()

    def run(self, ask: Callable[[], Any]) -> Any:
        """Ask as at that moment."""

        def asked() -> Any:
            with clock.at(self.moment):
                return ask()

        return Context().run(asked)


@pytest.fixture
def hear(
    application: Flask,
    world: World,
    scratch: Scratch,
    test_server: TestServer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    record_property: Callable[[str, object], None],
) -> Hear:
    """Let a side live one of the two histories in a copy of the world; return what the other side then hears."""
    monkeypatch.setattr(test_pages, "Context", _AtTheSameMoment)
    # The same for both histories, after all that is done in either: how long something has waited is told in seconds.
    moment = _AtTheSameMoment.moment = clock.now() + timedelta(minutes=10)

    def heard(side: str, *, busy: bool, only: str = "", planted: Callable[[str], None] | None = None) -> dict[str, str]:
        other = world.organizations["globex" if side == "acme" else "acme"]
        with scratch() as database:
            forget_jobs(test_server.admin(database))
            if planted:
                planted(database)
            kept = live(world, side, busy=busy)
            told = {"jobs": "\n".join(queued(test_server.admin(database), other))}
            told["mails"] = "\n".join(_mailed(application, test_server.url("worker", database), side))
            listening = Listening(world, scratch, side, moment)
            listening.listen(kept, only)
        record_property("requests of paired histories", listening.requests)
        return told | listening.heard

    return heard


def _mailed(application: Flask, url: str, side: str) -> list[str]:
    """Let the worker do what is due; return what it mails to the other side."""
    folder = settings().mailbox_directory
    assert folder is not None
    for left in folder.glob("*.eml"):
        left.unlink()
    with on_database(application, url):
        for _ in range(2):
            jobs.work(plain_url(url), wait=False)
    box = Mailbox(folder, "partnercrm@example.com")
    theirs = "@globex.example" if side == "acme" else "@acme.example"
    mails = [message for message in box.messages().values() if str(message["To"]).endswith(theirs)]
    return sorted(heard_as(f"{mail['To']} {mail['Subject']} {mail.get_body(('plain',))}") for mail in mails)


@pytest.mark.parametrize("side", ["acme", "globex"] if PROVE else ["acme"])
def test_what_differs_only_in_what_one_side_keeps_sounds_the_same_to_the_other(side: str, hear: Hear) -> None:
    quiet, busy = hear(side, busy=False), hear(side, busy=True)

    assert quiet["jobs"]
    assert quiet["mails"]
    assert list(differing(quiet, busy)) == []
    assert {told for name, told in quiet.items() if "for what is kept" in name} == {"as what never was"}


def test_a_count_of_what_was_picked_is_heard(
    hear: Hear, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a query that forgets its filter, over a table that lost its wall."""
    monkeypatch.setattr(rounds, "picks_seen_by", lambda actor: select(RoundPick))

    def planted(database: str) -> None:
        for table in ("round_picks", "leads"):
            remove_wall(test_server, database, table)

    quiet, busy = (hear("acme", busy=busy, only="list_picks", planted=planted) for busy in (False, True))

    assert any(name.startswith("list_picks") for name in differing(quiet, busy))
