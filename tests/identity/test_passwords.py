"""Passwords."""

import argon2
import pytest

from partnercrm.identity import passwords

RIGHT = "correct horse battery"


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at the cost of an installation; other tests hash cheaply."""
    monkeypatch.setattr(passwords, "hasher", argon2.PasswordHasher())


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that was compared with, in order; the comparison itself is the real one."""
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    return seen


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    one, other = passwords.hashed(RIGHT), passwords.hashed(RIGHT)

    assert one.startswith("$argon2id$")
    assert one != other
    assert RIGHT not in one
    assert not argon2.PasswordHasher().check_needs_rehash(one)


def test_the_first_account_whose_password_it_is_is_found(comparisons: list[str]) -> None:
    other, mine, also_mine = (passwords.hashed(word) for word in ("something else entirely", RIGHT, RIGHT))

    assert passwords.first_match(RIGHT, [("a", other), ("b", mine), ("c", also_mine)]) == "b"
    assert comparisons == [other, mine]


def test_nobody_is_found_by_a_wrong_password_or_an_empty_one() -> None:
    accounts = [("a", passwords.hashed(RIGHT))]

    for wrong in ("", RIGHT + " ", RIGHT.upper(), "\x00", "ü" * 200):
        assert passwords.first_match(wrong, accounts) is None


def test_an_unknown_address_costs_the_comparison_a_wrong_password_costs(comparisons: list[str]) -> None:
    stored = passwords.hashed(RIGHT)

    assert passwords.first_match("a wrong password", [("a", stored)]) is None
    assert passwords.first_match("a wrong password", []) is None

    known, unknown = comparisons
    assert argon2.extract_parameters(known) == argon2.extract_parameters(unknown)


def test_nobody_can_be_let_in_by_the_stand_in_hash() -> None:
    assert passwords.first_match("nobody has this password", []) is None
