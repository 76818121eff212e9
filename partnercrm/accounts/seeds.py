"""Companies that do not exist, made up as tripwires: who lists one has it from a list that was never shown; pure."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

EACH: Final = 3
RENEWED: Final = timedelta(days=90)
_SYLLABLES: Final = (
    *("bra", "cor", "del", "fen", "gal", "hur", "jom", "kes", "lun", "mav"),
    *("nor", "pel", "qui", "rosk", "sta", "tor", "ulm", "vek", "wim", "zan"),
)
_IN_A_WORD: Final = 3


class Seed(NamedTuple):
    """A made-up company: its name, and a domain that nobody can register."""

    name: str
    domain: str


def invented(choice: Callable[[Sequence[str]], str], suffix: str) -> Seed:
    """Return a company of two invented words; `choice` picks a syllable, `suffix` is reserved or the installation's.

    Words that exist would be shared with companies that do.
    """
    one, other = ("".join(choice(_SYLLABLES) for _ in range(_IN_A_WORD)) for _ in range(2))
    return Seed(f"{one.capitalize()} {other.capitalize()}", f"{one}-{other}.{suffix}")
