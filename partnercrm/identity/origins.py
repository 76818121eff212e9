"""Addresses of pages that may show our cards in a frame: what a browser calls an origin; pure."""

import re
from typing import Final

LONGEST: Final = 260
MOST: Final = 10
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PORT: Final = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
FORM: Final = rf"https://({_LABEL}\.)+[A-Za-z]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?(:({_PORT}))?"
WRONG: Final = "Write it as https://crm.example.com: no path, no wildcard, no other scheme."


def origin(written: str) -> str:
    """Return an origin as browsers write it: in small letters, without the port that goes without saying.

    ValueError for anything else, so that nothing but an origin ever enters a header.
    """
    if len(written) > LONGEST or not re.fullmatch(FORM, written):
        raise ValueError(WRONG)
    return written.lower().removesuffix(":443")
