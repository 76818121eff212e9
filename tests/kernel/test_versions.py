"""Optimistic concurrency."""

import pytest

from partnercrm.kernel import versions
from partnercrm.kernel.errors import MatchRequired, Stale

CURRENT = "0192f0c12b3c7d4e8f5a6b7c8d9e0f1a.3"


@pytest.mark.parametrize("expected", [CURRENT, f'"{CURRENT}"', f'"older.1", "{CURRENT}"', f"  {CURRENT} "])
def test_the_version_that_was_read_passes_quoted_or_not(expected: str) -> None:
    versions.require(expected, CURRENT)


@pytest.mark.parametrize("expected", ["", '""', CURRENT[:-1], f"{CURRENT}0", f'W/"{CURRENT}"', "*"])
def test_any_other_version_is_stale(expected: str) -> None:
    with pytest.raises(Stale):
        versions.require(expected, CURRENT)


def test_no_version_at_all_is_asked_for() -> None:
    with pytest.raises(MatchRequired):
        versions.require(None, CURRENT)
