"""Passwords: argon2id, and a comparison that takes its time for unknown addresses too."""

from collections.abc import Sequence
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST: Final = 12

Account = TypeVar("Account")

hasher = PasswordHasher()
# Written out, because hashing at every start would slow it; the password was random and is forgotten.
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$Z4P+Wd+OeYy7WKQGhS+mCw$HXr6hUBxXV7MiXaHPjE7OdZ4Lwx+6/64Zw3nXIXTCA4"


def hashed(password: str) -> str:
    """Return the argon2id hash of the password."""
    return hasher.hash(password)


def first_match(password: str, accounts: Sequence[tuple[Account, str]]) -> Account | None:
    """Return the first account whose hash fits; compares once even when there is none."""
    if not accounts:
        _fits(_NOBODY, password)
    for account, stored in accounts:
        if _fits(stored, password):
            return account
    return None


def _fits(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except VerificationError:
        return False
