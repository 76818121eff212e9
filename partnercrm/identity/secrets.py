"""Secrets people and programs carry: making them, recognising them, and what is stored instead of them."""

import hashlib
import secrets
import string
import zlib
from typing import Final

_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH: Final = 30
_CHECK_LENGTH: Final = 6


def new_token(kind: str) -> str:
    """Return `pcrm_<kind>_<30 base62><6 base62 of CRC-32>`: recognisable by secret scanners, typing errors caught."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return f"pcrm_{kind}_{body}{_check(body)}"


def is_well_formed(token: str) -> bool:
    """Tell whether the text can be one of our tokens at all, without asking the database."""
    head, _, tail = token.rpartition("_")
    if not head.startswith("pcrm_") or len(tail) != _RANDOM_LENGTH + _CHECK_LENGTH or not tail.isascii():
        return False
    return _check(tail[:_RANDOM_LENGTH]) == tail[_RANDOM_LENGTH:]


def fingerprint(secret: str) -> bytes:
    """Return what is stored of a random secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).digest()


def _check(body: str) -> str:
    value = zlib.crc32(body.encode())
    digits = []
    for _ in range(_CHECK_LENGTH):
        value, digit = divmod(value, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
