"""Who is disabled, revoked, released or left without a partner reads nothing from the commit on.

Readers ask again and again while the right to read ends, for pages, answers and files. Whoever asks after the end was
acknowledged must not be told the marker that every answer held before. A file is sent while it is read: each of its
parts is a question, so what may still arrive is the one part that was read before.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import count
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from partnercrm.identity import actions as identity
from partnercrm.integrations.queries import exports
from partnercrm.kernel import db
from tests.cast import Cast, Player, partnership, person
from tests.factories import leads
from tests.faults.racing import MARKER, Asking, Download, Race
from tests.surfer import Surfer

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
RACES = 200 if PROVE else 2
EXPORTS = ("/offers/export", "/offers/export?format=jsonl")
Ending = Callable[[Cast], AbstractContextManager[tuple[list[Asking], Callable[[], object]]]]
_numbers = count(1)


def by_token(player: Player, *paths: str) -> list[Asking]:
    """Return a reader of each path, through the player's present token."""
    now = Player(player.app, player.email, player.token)
    return [lambda path=path: now.response("GET", path) for path in paths]  # type: ignore[misc]


def by_files(player: Player, *paths: str) -> list[Asking]:
    """Return a reader of each file, through the player's present token."""
    now = Player(player.app, player.email, player.token)

    def begin(path: str) -> TestResponse:
        found: TestResponse = now.response("GET", path)
        return found

    return [Download(lambda path=path: begin(path)) for path in paths]  # type: ignore[misc]


def by_cookie(surfer: Surfer, path: str) -> Asking:
    """Return a reader of a page."""
    return lambda: surfer.open(path)


def signed_in(app: Flask, email: str) -> Surfer:
    """Sign in with every spent allowance forgotten: hundreds of races sign in as the same person."""
    with db.transaction(None) as session:
        session.execute(text("DELETE FROM rate_counters"))
    return Surfer.signed_in(app, email)


def offered(cast: Cast, partnership_id: UUID) -> str:
    """Offer a lead whose teaser holds the marker; return the offer's path."""
    return f"/offers/{leads.offer(cast.sam, partnership_id, need=MARKER)['id']}"


@contextmanager
def revoked(cast: Cast) -> Iterator[tuple[list[Asking], Callable[[], object]]]:
    """A token of Gina's is revoked."""
    path = offered(cast, cast.partnership_id)
    made = cast.gina.call("POST", "/tokens", json={"name": "race", "scopes": ["leads:read"]}, expect=201)
    holder = Player(cast.app, cast.gina.email, made["secret"])
    yield (
        [*by_token(holder, path, "/offers"), *by_files(holder, *EXPORTS)],
        lambda: cast.gina.call("POST", f"/tokens/{made['id']}/revoke", expect=200),
    )


@contextmanager
def disabled(cast: Cast) -> Iterator[tuple[list[Asking], Callable[[], object]]]:
    """Sam is disabled, with every token and sign-in of his."""
    actor, path = cast.sam.actor, offered(cast, cast.partnership_id)
    surfer = signed_in(cast.app, cast.sam.email)
    yield (
        [
            *by_token(cast.sam, path, "/leads"),
            *by_files(cast.sam, "/leads/export", EXPORTS[1]),
            by_cookie(surfer, path),
        ],
        lambda: able(cast, actor.user_id, disabled=True),
    )
    able(cast, actor.user_id, disabled=False)
    with db.transaction(actor):
        _, cast.sam.token = identity.make_token(actor, {"name": "race", "scopes": sorted(actor.scopes)})


def able(cast: Cast, user_id: UUID | None, *, disabled: bool) -> None:
    """Let the administrator say whether the person may sign in."""
    tag = cast.ada.response("GET", f"/users/{user_id}").headers["ETag"]
    cast.ada.call("PATCH", f"/users/{user_id}", json={"disabled": disabled}, if_match=tag, expect=200)


@contextmanager
def released(cast: Cast) -> Iterator[tuple[list[Asking], Callable[[], object]]]:
    """Gina is no longer a member of the partnership."""
    path, members = offered(cast, cast.partnership_id), f"/partnerships/{cast.partnership_id}/members"
    known = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    member_id = next(member["id"] for member in known if member["name"] == "Gina")
    surfer = signed_in(cast.app, cast.gina.email)
    yield (
        [*by_token(cast.gina, path), *by_files(cast.gina, *EXPORTS), by_cookie(surfer, path)],
        lambda: cast.hank.call("POST", f"{members}/{member_id}/release", expect=200),
    )
    named = {"user_id": str(cast.gina.actor.user_id), "role": "seller"}
    cast.hank.call("POST", members, json=named, expect=201)


@contextmanager
def ended(cast: Cast) -> Iterator[tuple[list[Asking], Callable[[], object]]]:
    """The partnership itself ends; the next race begins another."""
    where = f"/partnerships/{cast.partnership_id}"
    path, tag = offered(cast, cast.partnership_id), cast.dana.response("GET", where).headers["ETag"]
    surfer = signed_in(cast.app, cast.hank.email)
    yield (
        [
            *by_token(cast.hank, path),
            *by_token(cast.dana, path),
            *by_files(cast.hank, *EXPORTS),
            by_cookie(surfer, path),
        ],
        lambda: cast.dana.call("POST", f"{where}/end", if_match=tag, expect=200),
    )
    cast.partnership_id = partnership(cast.dana, cast.hank)
    for manager, member in ((cast.dana, cast.sam), (cast.hank, cast.gina)):
        named = {"user_id": str(member.actor.user_id), "role": "seller"}
        manager.call("POST", f"/partnerships/{cast.partnership_id}/members", json=named, expect=201)


@contextmanager
def dismissed(cast: Cast) -> Iterator[tuple[list[Asking], Callable[[], object]]]:
    """An administrator who writes out what is kept of a person is disabled."""
    address = f"robin{next(_numbers)}@northwind.example"
    leads.lead(cast.sam, contact_name=MARKER, contact_email=address, **leads.KNOWN)
    ola = person(cast.app, cast.dana.actor.organization_id, "Ola", f"ola{next(_numbers)}@acme.example", "admin")
    user_id = ola.actor.user_id

    def write_out() -> TestResponse:
        found: TestResponse = ola.response("POST", "/people/export", json={"email": address})
        return found

    yield [write_out, write_out], lambda: able(cast, user_id, disabled=True)


@pytest.mark.parametrize("ending", [revoked, disabled, released, ended, dismissed], ids=lambda ending: ending.__name__)
def test_nobody_reads_or_exports_after_the_commit(
    cast: Cast,
    ending: Ending,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(exports, "_MANY", 1)
    cast = replace(cast, sam=replace(cast.sam))  # a race gives Sam another token, or Acme another partnership
    chance, after = random.Random(20261122), 0
    for _ in range(RACES):
        with ending(cast) as (askings, end):
            race = Race(askings)
            with race.on():
                time.sleep(chance.uniform(0, 0.05))
                end()
        after += len(race.after)
        assert race.faults == []
        assert race.before == [True] * len(askings)
        assert race.after == [False] * len(race.after)
    record_property("races of an end against its readers", RACES)
    record_property("questions asked after the end", after)
    assert after >= RACES * 2
