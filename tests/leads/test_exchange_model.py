"""Both sides act at random, rightly and wrongly, while the clock moves; every sum is that of a plain list of steps."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any, Final
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from partnercrm.kernel import clock
from partnercrm.leads import jobs
from partnercrm.leads.lifecycle import IN_PROGRESS, STEPS, OfferStatus
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.crowd import at_once
from tests.factories import leads
from tests.leads.exchanged import Given, may_take, sums
from tests.recount import recount
from tests.recounting import expected_of, exported, told
from tests.servers import TestServer

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
HISTORIES, STEPS_OF_ONE = (500, 50) if PROVE else (4, 30)
THREADS, TURNS = (8, 150) if PROVE else (8, 25)
BEGUN: Final = timedelta(days=500)  # in the past of the database's clock, by which steps are recorded
VERBS: Final[dict[str, tuple[OfferStatus, dict[str, Any] | None]]] = {
    "accept": (OfferStatus.ACCEPTED, None),
    "decline": (OfferStatus.DECLINED, {"reason": "no_capacity"}),
    "withdraw": (OfferStatus.WITHDRAWN, None),
    "return": (OfferStatus.RETURNED, {"reason": "outside_our_field"}),
    "qualify": (OfferStatus.QUALIFIED, {}),
    "disqualify": (OfferStatus.DISQUALIFIED, {"reason": "no_budget"}),
    "convert": (OfferStatus.CONVERTED, {}),
    "win": (OfferStatus.WON, {"value": {"amount": "120.50", "currency": "EUR"}}),
    "lose": (OfferStatus.LOST, {"reason": "price"}),
}
SIDES: Final = st.sampled_from((0, 1))


class Exchange(RuleBasedStateMachine):
    """One partnership's exchange and the list that it must be the same as."""

    def __init__(self, cast: Cast, folder: Path, close: Callable[[], None]) -> None:
        super().__init__()
        self.cast, self.folder, self.close = cast, folder, close
        self.players = (cast.sam, cast.gina)
        self.now = datetime.now(UTC) - BEGUN
        self.given: list[Given] = []
        self.read: list[tuple[str, bytes]] = []

    @rule(giver=SIDES, need=st.sampled_from(("Anvils", "Bolts", "Casts", "Drills", "Ears", "Files")))
    def offer(self, giver: int, need: str) -> None:
        """Offer a lead of one company's need, which may be under way already."""
        sees = (one for one in self.given if one.giver == giver or one.status is not OfferStatus.OFFERED)
        is_known = any(one.need == need and one.status in IN_PROGRESS for one in sees)
        player = self.players[giver]
        with clock.at(self.now):
            lead = leads.lead(player, company_name="Northwind", need=need, value={"amount": "99.99", "currency": "EUR"})
            sent = {"lead_id": lead["id"], "partnership_id": str(self.cast.partnership_id)}
            made = player.call("POST", "/offers", json=sent, expect=409 if is_known else 201)
        if not is_known:
            self.given.append(Given(giver, need, made))

    @precondition(lambda self: self.given)
    @rule(data=st.data(), side=SIDES, verb=st.sampled_from(sorted(VERBS)), again=st.booleans())
    def act(self, data: st.DataObject, side: int, verb: str, *, again: bool) -> None:
        """Take any step from either side, now and then sent twice with one key; a wrong one is refused."""
        one = data.draw(st.sampled_from(self.given))
        after, body = VERBS[verb]
        is_right = may_take(one.status, after, by_giver=side == one.giver)
        is_late = one.status is OfferStatus.OFFERED and self.now >= one.moment("expires_at")
        options: dict[str, Any] = {"key": str(uuid4())} | ({} if body is None else {"json": body})
        with clock.at(self.now):
            answers = [
                self.players[side].call(
                    "POST",
                    f"/offers/{one.seen['id']}/{verb}",
                    expect=200 if is_right and not is_late else 409,
                    **options,
                )
                for _ in range(2 if again else 1)
            ]
        if is_right and not is_late:
            assert answers[0] == answers[-1]
            one.seen = answers[0]
            self._taken(one, after)

    def _taken(self, one: Given, after: OfferStatus) -> None:
        """Note the step; what is accepted a second time, or was sent back, ends as a duplicate instead.

        Or what was given later ends so, where it is no more than accepted.
        """
        others = [other for other in self.given if other.need == one.need and other is not one]
        before = [each for each in others if after is OfferStatus.ACCEPTED and each.is_another_of(one, self.now)]
        later = [each for each in before if each.makes_way_for(one)]
        one.is_duplicate = len(before) > len(later)
        for each in [] if one.is_duplicate else later:
            each.is_duplicate = True
            each.take(OfferStatus.DISQUALIFIED)
        one.take(OfferStatus.DISQUALIFIED if one.is_duplicate else after)
        assert one.seen["status"] == one.status

    @rule(hours=st.sampled_from((1, 5, 30, 100, 500)))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.now = min(self.now + timedelta(hours=hours), datetime.now(UTC) - timedelta(days=1))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def let_the_clock_work(self, data: st.DataObject) -> None:
        """Run a lead's jobs, whether or not they are due; what is due happens once."""
        one = data.draw(st.sampled_from(self.given))
        giver, receiver = one.seen["giver_id"], one.seen["receiver_id"]
        with clock.at(self.now):
            jobs.expire_offer(giver, one.seen["id"])
            jobs.ask_for_answer(receiver, one.seen["id"])
            jobs.ask_for_status(receiver, one.seen["id"])
        if one.status is OfferStatus.OFFERED and self.now >= one.moment("expires_at"):
            one.take(OfferStatus.EXPIRED)
        elif one.status is OfferStatus.ACCEPTED and self.now >= one.moment("returns_at"):
            one.take(OfferStatus.RETURNED)

    @precondition(lambda self: self.given)
    @rule()
    def compare(self) -> None:
        """Both read the same sums, as of now and as of any earlier moment."""
        as_of, ours = compared(self.cast, self.folder, self.given)
        self.read.append((as_of, ours))
        earlier, was = self.read[len(self.read) // 2]
        assert told(self.players[len(self.read) % 2], self.cast, as_of=earlier, measure="won_value")[0] == was

    def teardown(self) -> None:
        """Compare at last."""
        with closing(self):
            if self.given:
                self.compare()


def compared(cast: Cast, folder: Path, given: list[Given]) -> tuple[str, bytes]:
    """See that both sides read and export the same, and that it is what was given; return the moment and the bytes."""
    as_of = told(cast.dana, cast)[1]["as_of"]
    (ours, won), (theirs, _) = (
        told(player, cast, as_of=as_of, measure="won_value") for player in (cast.sam, cast.gina)
    )
    whole = told(cast.hank, cast, as_of=as_of, measure="expected_value")[1]
    exports = [exported(player, cast, "jsonl", as_of) for player in (cast.dana, cast.gina)]
    file = folder / "record.jsonl"
    file.write_bytes(exports[0])

    assert ours == theirs
    assert exports[0] == exports[1]
    assert recount(file, datetime.fromisoformat(as_of)) == expected_of(whole, won)
    for side in won["organizations"]:
        assert +Counter(side["given"]) == sums(given, side["organization_id"])
    return as_of, ours


@pytest.fixture
def exchanges(
    application: Flask, peopled: tuple[str, Cast], test_server: TestServer, tmp_path: Path
) -> Callable[[], Exchange]:
    """Make an exchange in a database of its own, as often as asked."""

    @contextmanager
    def elsewhere() -> Iterator[None]:
        name = test_server.copy(peopled[0])
        try:
            with on_database(application, test_server.url("app", name)):
                yield
        finally:
            test_server.drop(name)

    def make() -> Exchange:
        opened = ExitStack()
        opened.enter_context(elsewhere())
        return Exchange(peopled[1], tmp_path, opened.close)

    return make


@pytest.mark.no_cover
def test_whatever_both_sides_do_and_whenever_the_sums_are_those_of_the_steps(
    exchanges: Callable[[], Exchange], record_property: Callable[[str, object], None]
) -> None:
    run_state_machine_as_test(
        exchanges,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS_OF_ONE,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    record_property("histories of exchanges", HISTORIES)


@dataclass
class Crowd:
    """Leads that many people act on at once, where each was last seen, and every step that was acknowledged."""

    cast: Cast
    lock: Lock = field(default_factory=Lock)
    given: list[Given] = field(default_factory=list)
    last_seen: dict[str, OfferStatus] = field(default_factory=dict)
    taken: list[tuple[Given, OfferStatus]] = field(default_factory=list)

    def turn(self, chance: Random) -> None:
        """Offer a lead, or take a step of a new one: mostly one that may be right, else any from either side."""
        place = chance.randrange(2)
        player = (self.cast.sam, self.cast.gina)[place]
        with self.lock:
            chosen = chance.choice(self.given[-THREADS:]) if self.given and chance.random() < 0.8 else None
        if chosen is None:
            made = leads.offer(player, self.cast.partnership_id, value={"amount": "99.99", "currency": "EUR"})
            with self.lock:
                self.given.append(Given(place, "", made))
            return
        before = self.last_seen.get(chosen.seen["id"], OfferStatus.OFFERED)
        likely = [
            verb
            for verb, (after, _) in sorted(VERBS.items())
            if may_take(before, after, by_giver=place == chosen.giver)
        ]
        self._step(player, chosen, chance.choice(likely if likely and chance.random() < 0.8 else sorted(VERBS)))

    def _step(self, player: Player, chosen: Given, verb: str) -> None:
        after, body = VERBS[verb]
        options = {} if body is None else {"json": body}
        answer = player.response("POST", f"/offers/{chosen.seen['id']}/{verb}", **options)
        assert answer.status_code in {200, 409}, answer.text
        if answer.status_code == 200:
            with self.lock:
                self.taken.append((chosen, after))
                self.last_seen[chosen.seen["id"]] = after


def test_what_eight_do_at_once_is_counted_once_each(
    cast: Cast, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    crowd = Crowd(cast)

    def act(number: int) -> None:
        chance = Random(number)
        for _ in range(TURNS):
            crowd.turn(chance)

    at_once([lambda number=number: act(number) for number in range(THREADS)])  # type: ignore[misc]

    for one in crowd.given:
        left = {step for chosen, step in crowd.taken if chosen is one}
        while left:
            [following] = [
                step for step in left if any(known.before is one.status and known.after is step for known in STEPS)
            ]
            one.take(following)
            left.remove(following)
    compared(cast, tmp_path, crowd.given)
    assert len(crowd.taken) == sum(len(one.steps) - 1 for one in crowd.given)
    record_property("steps taken by eight at once", len(crowd.taken))
