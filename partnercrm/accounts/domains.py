"""Web and mail domains reduced to what is registered: `shop.northwind.co.uk` is `northwind.co.uk`."""

import re
from enum import StrEnum
from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LONGEST: Final = 253


class DomainKind(StrEnum):
    """Whether a company is found at a domain, or writes from it."""

    WEB = "web"
    MAIL = "mail"


def registrable(written: str) -> str | None:
    """Return the registrable domain of a host, a web address or a mail address, in lower case and as DNS writes it.

    None where it has none: a public suffix alone (`co.uk`), an address in figures, or no domain at all. Suffixes are
    those of the Public Suffix List, of registries and of hosts that let strangers register below them.
    """
    host = _SCHEME.sub("", written.strip()).partition("/")[0].rpartition("@")[2].partition(":")[0]
    try:
        plain = host.lower().rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if len(plain) > LONGEST or not _HOST.fullmatch(plain) or plain.rpartition(".")[2].isdigit():
        return None
    return _suffixes().privatesuffix(plain)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
