"""Who is disabled, released or left without a partner is mailed nothing from the commit on, as the mail server sees it.

A worker mails while the right to be told ends. The server that takes a message asks the database, before it says that
it has it, whether the reader's right has ended by then: a yes is a mail after the commit, whoever's clock is right.
"""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

import psycopg
import pytest

from partnercrm.settings import ROOT
from tests.cast import Cast, Player, partnership, person
from tests.factories import leads
from tests.live import running
from tests.post import PostOffice, post_office
from tests.servers import TestServer

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
RACES = 334 if PROVE else 3
OFFERS = 2
OFFER = re.compile(r"/offers/([0-9a-f-]{36})")
MEMBER = "EXISTS (SELECT FROM partnership_members WHERE user_id = users.id AND left_at IS NULL AND {})"
# A mail of an offer needs its living partnership, a digest some partnership, any other an account.
HAS_ENDED = f"""
    SELECT users.disabled_at IS NOT NULL
        OR %(offer)s::uuid IS NOT NULL AND NOT (
            SELECT ended_at IS NULL AND {MEMBER.format("partnership_id = offers.partnership_id")}
            FROM offers JOIN partnerships ON partnerships.id = partnership_id WHERE offers.id = %(offer)s)
        OR %(digest)s AND NOT {MEMBER.format("true")}
    FROM users WHERE email = %(reader)s
"""
Rows = Callable[..., list[tuple[Any, ...]]]
Ending = Callable[["Scene"], AbstractContextManager[Callable[[], object]]]


@dataclass
class Desk(PostOffice):
    """A mail server that finds each message that came after its reader's right had ended."""

    database: str = ""
    late: list[str] = field(default_factory=list)

    def take(self, message: EmailMessage) -> None:
        """Ask the database about a message that is just being taken."""
        body = message.get_body(("plain",))
        assert body is not None
        offer = OFFER.search(body.get_content())
        asked = {
            "offer": offer and offer[1],
            "digest": message["Message-ID"].startswith("<digest."),
            "reader": str(message["To"]),
        }
        with psycopg.connect(self.database) as connection:
            found = connection.execute(HAS_ENDED, asked).fetchone()
        if found != (False,):
            self.late.append(f"{message['Subject']} to {message['To']}")
        super().take(message)


@pytest.fixture
def rows(database: str, test_server: TestServer) -> Iterator[Rows]:
    """Ask this test's database as the administrator."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET search_path = public, procrastinate")

        def ask(query: str, *values: object) -> list[tuple[Any, ...]]:
            done = connection.execute(query, values)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []

        yield ask


@pytest.fixture
def desk(database: str, test_server: TestServer) -> Desk:
    """Who asks the database of this test."""
    return Desk(database=test_server.admin(database))


@pytest.fixture
def office(desk: Desk, database: str, test_server: TestServer) -> Iterator[Desk]:
    """A mail server, and a worker process that mails through it."""
    environment = {name: value for name, value in os.environ.items() if name != "PARTNERCRM_MAILBOX_DIRECTORY"}
    with post_office(desk):
        environment |= {
            "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
            "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
            "PARTNERCRM_SMTP_HOST": "127.0.0.1",
            "PARTNERCRM_SMTP_PORT": str(desk.port),
            "PARTNERCRM_SMTP_SECURITY": "none",
            "PYTHONPATH": str(ROOT),
        }
        with running("worker", environment=environment):
            yield desk


@dataclass
class Scene:
    """Whose right ends: Gina's, whose administrator is Greta; and who they are while they cannot say it."""

    cast: Cast
    greta: Player
    gina_id: str
    sam_id: str

    @property
    def path(self) -> str:
        """Where the partnership that lives now stands."""
        return f"/partnerships/{self.cast.partnership_id}"


@pytest.fixture
def scene(cast: Cast, rows: Rows) -> Scene:
    """Acme and Globex, where Gina and Hank are told by mail and in a digest."""
    greta = person(cast.app, cast.gina.actor.organization_id, "Greta", "greta@globex.example", "admin")
    for player in (cast.gina, cast.hank):
        tag = player.response("GET", "/notice-preferences").headers["ETag"]
        player.call("PATCH", "/notice-preferences", json={"digest_hour": 8}, if_match=tag, expect=200)
    return Scene(replace(cast), greta, str(cast.gina.actor.user_id), str(cast.sam.actor.user_id))


def able(scene: Scene, *, disabled: bool) -> None:
    """Let Globex's administrator say whether Gina may sign in."""
    path = f"/users/{scene.gina_id}"
    tag = scene.greta.response("GET", path).headers["ETag"]
    scene.greta.call("PATCH", path, json={"disabled": disabled}, if_match=tag, expect=200)


@contextmanager
def disabled(scene: Scene) -> Iterator[Callable[[], object]]:
    """Gina is disabled, who is also being mailed a link for another password."""
    scene.greta.call("POST", f"/users/{scene.gina_id}/start-reset")
    yield lambda: able(scene, disabled=True)
    able(scene, disabled=False)


@contextmanager
def released(scene: Scene) -> Iterator[Callable[[], object]]:
    """Gina is no longer a member of the partnership."""
    members = scene.cast.hank.call("GET", scene.path, expect=200)["members"]
    member_id = next(member["id"] for member in members if member["name"] == "Gina")
    yield lambda: scene.cast.hank.call("POST", f"{scene.path}/members/{member_id}/release", expect=200)
    named = {"user_id": scene.gina_id, "role": "seller"}
    scene.cast.hank.call("POST", f"{scene.path}/members", json=named, expect=201)


@contextmanager
def ended(scene: Scene) -> Iterator[Callable[[], object]]:
    """The partnership itself ends; the next race begins another."""
    cast, path = scene.cast, scene.path
    tag = cast.dana.response("GET", path).headers["ETag"]
    yield lambda: cast.dana.call("POST", f"{path}/end", if_match=tag, expect=200)
    cast.partnership_id = partnership(cast.dana, cast.hank)
    for manager, member_id in ((cast.dana, scene.sam_id), (cast.hank, scene.gina_id)):
        named = {"user_id": member_id, "role": "seller"}
        manager.call("POST", f"{scene.path}/members", json=named, expect=201)


def let_everything_be_told(cast: Cast, rows: Rows) -> None:
    """Offer leads, of which Gina and Hank are mailed, and let what they were told go into a digest as well."""
    for _ in range(OFFERS):
        leads.offer(cast.sam, cast.partnership_id)
    rows("UPDATE notices SET in_digest = true, digested_at = NULL, read_at = NULL")
    rows("UPDATE notice_preferences SET digested_on = NULL")
    rows("DELETE FROM password_resets")
    for organization_id, user_id in rows("SELECT organization_id, user_id FROM notice_preferences"):
        ids = json.dumps({"organization_id": str(organization_id), "user_id": str(user_id)})
        rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'notices.digest', %s)", ids
        )


def is_quiet(rows: Rows) -> bool:
    """Tell whether the worker has nothing left to do that is due."""
    due = "status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
    return rows(f"SELECT count(*) FROM procrastinate_jobs WHERE {due}") == [(0,)]


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.02)


@pytest.mark.parametrize("ending", [disabled, released, ended], ids=lambda ending: ending.__name__)
def test_nobody_is_mailed_after_the_commit(
    scene: Scene, ending: Ending, rows: Rows, office: Desk, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(20261122)
    for number in range(RACES):
        before = len(office.arrived)
        with ending(scene) as end:
            let_everything_be_told(scene.cast, rows)
            if number == 1:
                eventually(lambda before=before: len(office.arrived) > before)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.3) if number > 1 else 0)
            end()
            eventually(lambda: is_quiet(rows))
        assert office.late == []
    offered = sum(message["Subject"] == "A lead was offered to you" for message in office.arrived)
    kept_back = RACES * OFFERS * len(("Gina", "Hank")) - offered
    record_property("races of an end against mails", RACES)
    record_property("mails taken before the end", len(office.arrived))
    record_property("mails kept back after the end", kept_back)
    assert offered > 0
    assert kept_back > 0


def test_the_desk_finds_a_mail_that_came_too_late(cast: Cast, desk: Desk, rows: Rows) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    message = EmailMessage()
    message["To"], message["Subject"] = cast.gina.email, "A lead was offered to you"
    message["Message-ID"] = "<notice.1@partners.example>"
    message.set_content(f"Look at https://partners.example/offers/{offered['id']} .")

    desk.take(message)
    assert desk.late == []
    rows("UPDATE users SET disabled_at = now() WHERE email = %s", cast.gina.email)
    desk.take(message)

    assert desk.late == [f"A lead was offered to you to {cast.gina.email}"]
