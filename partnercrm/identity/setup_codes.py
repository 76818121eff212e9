"""The code that only who runs the installation can read, and that opens the page on which it is set up."""

import base64
import hashlib
import hmac
from typing import Final

_GROUP: Final = 5
_GROUPS: Final = 4


def setup_code(secret_key: str) -> str:
    """Return the installation's code: 100 bits of a keyed hash, so that nothing has to be kept until it is used."""
    digest = hmac.digest(secret_key.encode(), b"partnercrm: set up", hashlib.sha256)
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[at : at + _GROUP] for at in range(0, _GROUP * _GROUPS, _GROUP))


def fits(given: str, secret_key: str) -> bool:
    """Tell whether this is the code, however it was typed, in the same time for any."""
    plain = given.upper().replace("-", "").replace(" ", "")
    return hmac.compare_digest(plain.encode(), setup_code(secret_key).replace("-", "").encode())
