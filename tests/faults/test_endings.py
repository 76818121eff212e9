"""Who is disabled, revoked, released or left without a partner reads nothing from the commit on.

Readers ask again and again while the right to read ends. Whoever asks after the end was acknowledged must not be told
the marker that every answer held before.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from partnercrm.identity import actions as identity
from partnercrm.kernel import db
from tests.cast import Cast, Player, partnership
from tests.factories import leads
from tests.surfer import Surfer

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
RACES = 250 if PROVE else 2
MARKER = "Marker of what is read"
Asking = Callable[[], TestResponse]


@dataclass
class Race:
    """Readers that never stop asking, and what they were told before and after the end."""

    askings: Sequence[Asking]
    before: list[bool] = field(default_factory=list)
    after: list[bool] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _ended_at: float | None = None

    @contextmanager
    def on(self) -> Iterator[None]:
        """Let the readers loose for the block, which ends their right; each asks once more after it at least."""
        ready, over = threading.Barrier(len(self.askings) + 1), threading.Event()
        readers = [threading.Thread(target=self._read, args=(asking, ready, over)) for asking in self.askings]
        for reader in readers:
            reader.start()
        ready.wait()
        try:
            yield
            self._ended_at = time.perf_counter()
        finally:
            over.set()
            for reader in readers:
                reader.join()

    def _read(self, asking: Asking, ready: threading.Barrier, over: threading.Event) -> None:
        self.before.append(self._is_told(asking))
        ready.wait()
        last = False
        while not last:
            last = over.is_set()
            too_late = self._ended_at is not None and time.perf_counter() > self._ended_at
            told = self._is_told(asking)
            if too_late:
                self.after.append(told)

    def _is_told(self, asking: Asking) -> bool:
        answer = asking()
        self.faults += [answer.text] * (answer.status_code >= 500)
        return MARKER in answer.text


def by_token(player: Player, *paths: str) -> list[Asking]:
    """Return a reader of each path, through the player's present token."""
    now = Player(player.app, player.email, player.token)
    return [lambda path=path: now.response("GET", path) for path in paths]  # type: ignore[misc]


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
    yield by_token(holder, path, "/offers"), lambda: cast.gina.call("POST", f"/tokens/{made['id']}/revoke", expect=200)


@contextmanager
def disabled(cast: Cast) -> Iterator[tuple[list[Asking], Callable[[], object]]]:
    """Sam is disabled, with every token and sign-in of his."""
    actor, path = cast.sam.actor, offered(cast, cast.partnership_id)
    surfer = signed_in(cast.app, cast.sam.email)
    yield (
        [*by_token(cast.sam, path, "/leads"), by_cookie(surfer, path)],
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
        [*by_token(cast.gina, path, "/offers"), by_cookie(surfer, path)],
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
        [*by_token(cast.hank, path, "/offers"), *by_token(cast.dana, path), by_cookie(surfer, path)],
        lambda: cast.dana.call("POST", f"{where}/end", if_match=tag, expect=200),
    )
    cast.partnership_id = partnership(cast.dana, cast.hank)
    for manager, member in ((cast.dana, cast.sam), (cast.hank, cast.gina)):
        named = {"user_id": str(member.actor.user_id), "role": "seller"}
        manager.call("POST", f"/partnerships/{cast.partnership_id}/members", json=named, expect=201)


@pytest.mark.parametrize("ending", [revoked, disabled, released, ended], ids=lambda ending: ending.__name__)
def test_nobody_reads_after_the_commit(
    cast: Cast,
    ending: Callable[[Cast], "contextmanager[tuple[list[Asking], Callable[[], object]]]"],
    record_property: Callable[[str, object], None],
) -> None:
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
