"""Optimistic concurrency: what the caller read must still be what stands here."""

from partnercrm.kernel.errors import MatchRequired, Stale


def require(expected: str | None, current: str) -> None:
    """Refuse unless `expected` (an If-Match value, quotes optional) names the current version.

    Called by actions after they hold the row's lock. Raises MatchRequired or Stale.
    """
    if expected is None:
        raise MatchRequired
    tags = {tag.strip().strip('"') for tag in expected.split(",")}
    if current not in tags:
        raise Stale


def require_of_standing(expected: str | None, current: str | None) -> None:
    """Refuse unless `expected` names what stands here; where nothing does, nothing may be expected.

    Raises MatchRequired or Stale.
    """
    if current is not None:
        require(expected, current)
    elif expected is not None:
        raise Stale
