"""Whatever happens to a deal, in any order: the books sum to nothing and say what exact fractions say of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from partnercrm.incentives.actions import paying
from partnercrm.incentives.errors import NothingDue
from partnercrm.incentives.models.ledgers import Entry, LedgerPeriod, PayOut, PayOutLine, PayOutStatus
from partnercrm.incentives.posting import Account, following
from partnercrm.incentives.queries import books
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player, person
from tests.factories import earnings, splits

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
RATES = {"sam": Fraction(1, 10), "dana": Fraction(7, 100)}
STEP = st.one_of(
    st.tuples(st.just("agree"), st.integers(0, 1_000_000)),
    st.tuples(st.just("divide"), st.integers(0, 7), st.integers(0, 7)),
    st.tuples(st.just("refund"), st.integers(0, 5), st.fractions(0, 1, max_denominator=97)),
    st.tuples(st.just("win"), st.integers(1, 10**9)),
    st.tuples(st.just("wait"), st.integers(1, 20)),
    st.tuples(st.just("pay")),
    st.tuples(st.just("close")),
)


@dataclass
class Told:
    """What has been done, in exact fractions: events with what is left of each, the split and the division."""

    cast: Cast
    eve: Player
    deal: dict[str, Any]
    began: dict[UUID, int]
    now: datetime
    share: Fraction = Fraction(6, 10)
    parts: dict[str, Fraction] = field(default_factory=lambda: {"sam": Fraction(1)})
    divided: dict[str, Fraction] = field(default_factory=dict)

    def run(self, verb: str, *given_: Any) -> None:
        """Take one step, and let the books follow."""
        with clock.at(self.now):
            getattr(self, f"_{verb}")(*given_)
        self.now += timedelta(minutes=1)
        with clock.at(self.now):
            earnings.follow(self.cast.dana)
            self.check()

    def check(self) -> None:
        """Compare the books with the fractions, and with themselves."""
        organization_id = self.cast.dana.actor.organization_id
        with db.transaction(self.cast.dana.actor):
            mine = Entry.organization_id == organization_id
            trial = select(Entry.currency, func.sum(Entry.minor)).where(mine).group_by(Entry.currency)
            assert {int(minor) for _, minor in db.rows(trial)} <= {0}
            paid = (
                select(func.sum(PayOutLine.minor))
                .join(PayOut, PayOut.id == PayOutLine.pay_out_id)
                .where(PayOut.organization_id == organization_id, PayOut.status == PayOutStatus.APPROVED)
            )
            left = select(func.sum(Entry.minor)).where(mine, Entry.account == Account.PAID)
            assert (db.session().execute(paid).scalar_one() or 0) == -(db.session().execute(left).scalar_one() or 0)
        for name in RATES:
            self._compare(getattr(self.cast, name), name)

    def _compare(self, player: Player, name: str) -> None:
        with db.transaction(player.actor):
            found = books.balances(player.actor)
            said = books.statement(player.actor, {"limit": 200, "sort": "-recorded_at"})
        assert said.next is None or PROVE
        if not found:
            return
        [one] = found
        assert one.earned.minor - one.clawed_back.minor == one.held.minor + one.due.minor + one.paid.minor
        if said.next is None:
            told = sum(item.total.minor for item in said.items if item.kind in {"accrual", "clawback", "correction"})
            assert told == one.earned.minor - one.clawed_back.minor
        now = one.earned.minor - one.clawed_back.minor - self.began.get(player.actor.user_id or UUID(int=0), 0)
        events = [event for event in earnings.revenues(self.cast.sam, self.deal) if event["kind"] == "won"]
        exact = Fraction(0)
        for event in events:
            kept = Fraction(event["left"]["amount"]) * 100
            exact += kept * self.share * self.parts.get(name, Fraction(0)) * RATES[name]
        assert abs(now - exact) <= 2 * max(1, len(events))
        if all(event["left"]["amount"] == "0.00" for event in events):
            assert now == 0

    def _agree(self, millionths: int) -> None:
        if self.share != Fraction(millionths, 10**6):
            splits.agree(self.cast, self.deal, millionths)
            self.share = Fraction(millionths, 10**6)

    def _divide(self, sams: int, danas: int) -> None:
        parts = {name: part for name, part in (("sam", sams), ("dana", danas)) if part}
        if parts:
            people = [
                {"user_id": str(getattr(self.cast, name).actor.user_id), "parts": part} for name, part in parts.items()
            ]
            splits.divide(self.cast.dana, self.deal, whole=sams + danas, participants=people)
            self.parts = {name: Fraction(part, sams + danas) for name, part in parts.items()}

    def _refund(self, place: int, part: Fraction) -> None:
        events = [one for one in earnings.revenues(self.cast.sam, self.deal) if one["left"]["amount"] != "0.00"]
        if events:
            event = events[place % len(events)]
            minor = int(Fraction(event["left"]["amount"]) * 100 * part) or 1
            amount = {"amount": f"{minor // 100}.{minor % 100:02}", "currency": "EUR"}
            earnings.refund(self.cast.hank, event, amount=amount, happened_at=self.now.isoformat())

    def _win(self, minor: int) -> None:
        events = earnings.revenues(self.cast.sam, self.deal)
        if all(one["left"]["amount"] == "0.00" for one in events):
            text, moment = f"{minor // 100}.{minor % 100:02}", self.now.isoformat()
            earnings.recorded(self.cast.dana, self.deal, "won", text, reference="", happened_at=moment)

    def _wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _pay(self) -> None:
        try:
            with db.transaction(self.cast.dana.actor):
                one = paying.propose_pay_out(self.cast.dana.actor, {"currency": "EUR"})
        except NothingDue:
            return
        with db.transaction(self.eve.actor):
            paying.approve_pay_out(self.eve.actor, one.id)

    def _close(self) -> None:
        with db.transaction(self.cast.dana.actor):
            first = books.first_open(self.cast.dana.actor)
        if isinstance(first, LedgerPeriod) and following(first.starts_on) <= self.now.date():
            with db.transaction(self.cast.dana.actor):
                paying.close_period(self.cast.dana.actor, {"starts_on": first.starts_on})


@contextmanager
def begun(cast: Cast, eve: Player, company: str) -> Iterator[Told]:
    """Win another deal, and remember what everybody had before."""
    before: dict[UUID, int] = {}
    for name in RATES:
        player = getattr(cast, name)
        with db.transaction(player.actor):
            for one in books.balances(player.actor):
                before[player.actor.user_id] = one.earned.minor - one.clawed_back.minor
    deal = earnings.won(cast, company=company)
    told = Told(cast, eve, deal, before, clock.now())
    yield told
    while any(one["left"]["amount"] != "0.00" for one in earnings.revenues(cast.sam, deal)):
        told.run("refund", 0, Fraction(1))


@pytest.fixture
def eve(cast: Cast) -> Player:
    """Acme's executive."""
    return person(cast.app, cast.dana.actor.organization_id, "Eve", "eve@acme.example", "executive")


@settings(
    max_examples=500 if PROVE else 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(steps=st.lists(STEP, min_size=6 if PROVE else 4, max_size=50 if PROVE else 10))
def test_the_books_say_what_exact_fractions_say(cast: Cast, eve: Player, steps: list[tuple[Any, ...]]) -> None:
    number = len(cast.sam.call("GET", "/deals?limit=200", expect=200)["items"])
    if not number:
        earnings.paid(cast, holding_days=9)
        table = {"starts_on": "2020-01-01", "mode": "marginal", "tiers": [{"from": "0", "to": None, "rate": 70_000}]}
        earnings.paid(cast, cast.dana, tables=[table])
    with begun(cast, eve, f"Company{clock.now().timestamp():.0f}x{number}") as told:
        for verb, *given_ in steps:
            told.run(verb, *given_)
