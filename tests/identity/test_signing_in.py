"""Signing in: the same answer and work for everybody who is not let in, and allowances against guessing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import argon2
import pytest
from flask import Flask

from partnercrm.identity import actions, passwords, queries
from partnercrm.identity.actions.passwords import set_password
from partnercrm.identity.errors import WrongSignIn
from partnercrm.identity.secrets import fingerprint
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import TooMany
from partnercrm.settings import settings
from tests.cast import PASSWORD, Cast


@contextmanager
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the hashes that are compared with; each comparison is the real one."""
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return verify(self, stored, password)

    with monkeypatch.context() as patch:
        patch.setattr(argon2.PasswordHasher, "verify", counted)
        yield seen


def wrong(email: str, password: str = "not the password") -> tuple[str, dict[str, object]]:
    with pytest.raises(WrongSignIn) as refused:
        actions.sign_in(email, password, "192.0.2.1")
    return str(refused.value), refused.value.facts


def found_by(secret: str) -> object:
    with db.transaction(None, read_only=True):
        return queries.behind_session(fingerprint(secret))


def test_unknown_wrong_and_disabled_get_one_answer_for_one_comparison(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "hasher", argon2.PasswordHasher())
    for who in (cast.sam.actor, cast.nora.actor):
        with db.transaction(who):
            set_password(queries.user(who, who.user_id), PASSWORD)
    nora = cast.nora.actor.user_id
    tag = cast.ada.response("GET", f"/users/{nora}").headers["ETag"]
    cast.ada.call("PATCH", f"/users/{nora}", json={"disabled": True}, if_match=tag, expect=200)
    answers, costs = [], []

    for email, password in (
        ("sam@acme.example", "not the password"),
        ("nobody@acme.example", "not the password"),
        ("nora@acme.example", PASSWORD),
    ):
        with comparisons(monkeypatch) as seen:
            answers.append(wrong(email, password))
        costs.append([argon2.extract_parameters(stored) for stored in seen])

    assert answers[0] == answers[1] == answers[2]
    assert [len(cost) for cost in costs] == [1, 1, 1]
    assert costs[0] == costs[1] == costs[2]


def test_an_account_is_guessed_ten_times_whatever_the_case_of_its_address(app: Flask, cast: Cast) -> None:
    for number in range(10):
        wrong("Sam@acme.example" if number % 2 else "sam@acme.example")

    with pytest.raises(TooMany) as refused:
        actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")
    assert 1 <= refused.value.facts["retry_after"] <= 15 * 60
    actions.sign_in("gina@globex.example", PASSWORD, "192.0.2.1")


def test_an_unknown_account_is_throttled_like_a_known_one(app: Flask, cast: Cast) -> None:
    for _ in range(10):
        wrong("nobody@acme.example")
    with pytest.raises(TooMany):
        actions.sign_in("nobody@acme.example", PASSWORD, "192.0.2.1")


@pytest.fixture
def three_per_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that allows three attempts per network address."""
    monkeypatch.setenv("PARTNERCRM_SIGN_IN_RATE_ADDRESS", "3 per 15 minutes")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_an_address_guesses_so_many_accounts_and_no_more(cast: Cast, three_per_address: None) -> None:
    for number in range(3):
        wrong(f"nobody{number}@acme.example")

    with pytest.raises(TooMany):
        actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")
    actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.2")


def test_a_session_ends_when_unused_and_lives_on_while_used(app: Flask, cast: Cast) -> None:
    start = datetime.now(UTC)
    with clock.at(start - timedelta(hours=13)):
        _, unused = actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")
    with clock.at(start - timedelta(hours=11)):
        actor, used = actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")

    assert found_by(unused) is None
    seen = found_by(used)
    assert seen is not None
    before = datetime.fromisoformat(str(seen.last_seen_at))  # type: ignore[attr-defined]
    session = Actor(actor.organization_id, actor.user_id, session_id=seen.session_id)  # type: ignore[attr-defined]
    with db.transaction(session):
        actions.note_seen(session)
    after = found_by(used)
    assert datetime.fromisoformat(str(after.last_seen_at)) - before > timedelta(hours=10)  # type: ignore[union-attr]


def test_every_sign_in_has_a_secret_of_its_own_and_signing_out_ends_only_that_one(app: Flask, cast: Cast) -> None:
    actor, one = actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")
    _, other = actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")
    assert one != other
    session_id = found_by(one).session_id  # type: ignore[attr-defined]
    signed_in = Actor(actor.organization_id, actor.user_id, session_id=session_id)

    with db.transaction(signed_in):
        actions.sign_out(signed_in)

    assert found_by(one) is None
    assert found_by(other) is not None
