"""Which of the accounts found by what was typed was meant: pure."""

from typing import Final

from rapidfuzz import fuzz, utils

_BEGINS: Final = 200.0
_WORD_BEGINS: Final = 150.0


def closeness(sought: str, name: str, domains: list[str]) -> float:
    """Return how close an account is to what was typed: names and domains that begin so, then words, then likeness.

    From 0, nothing in common, to 100, the same words; what begins with it lies beyond that.
    """
    typed, written = utils.default_process(sought), utils.default_process(name)
    if written.startswith(typed) or any(domain.startswith(sought.strip().lower()) for domain in domains):
        return _BEGINS
    if f" {typed}" in written:
        return _WORD_BEGINS
    return fuzz.WRatio(typed, written)
