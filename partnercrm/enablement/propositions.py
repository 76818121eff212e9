"""Value propositions: where one stands between two sides, and which is the one to say to a customer."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Protocol, TypeVar

SENTENCES: Final = 3
LANGUAGES: Final = ("en", "de", "fr", "it", "es", "nl", "pl", "pt", "cs", "da", "sv", "fi", "no", "hu", "ro")


class PropositionStatus(StrEnum):
    """Where a value proposition stands between its two sides."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Said(Protocol):
    """What is said in a language to an industry, in a version that both sides agreed on."""

    @property
    def locale(self) -> str:
        """The language."""

    @property
    def industry(self) -> str:
        """The industry; empty: any."""

    @property
    def version(self) -> int | None:
        """The number of the version."""


Proposition = TypeVar("Proposition", bound=Said)


def in_force(agreed: Iterable[Proposition]) -> list[Proposition]:
    """Return, of what both sides agreed, the newest of each language and industry; the case of letters is nothing."""
    newest: dict[tuple[str, str], Proposition] = {}
    for one in sorted(agreed, key=lambda one: one.version or 0):
        newest[one.locale, one.industry.casefold()] = one
    return list(newest.values())


def to_say(standing: Iterable[Proposition], locale: str, industry: str = "") -> list[Proposition]:
    """Return what there is to say, best first: in the reader's language, to the industry asked for, then to any."""
    asked = industry.casefold()
    return sorted(
        standing,
        key=lambda one: (
            one.locale != locale,
            bool(asked) and one.industry.casefold() != asked,
            bool(one.industry),
            one.locale,
            one.industry.casefold(),
        ),
    )
