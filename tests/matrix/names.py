"""Whom an answer names: on an offer that is over nobody of the other side, whatever operation tells of it."""

from collections.abc import Iterator
from typing import Any, Final

from partnercrm.leads.lifecycle import IN_PROGRESS

_OTHER_SIDE: Final = {"given": "receiver_member", "received": "giver_member"}


def named_abroad(answer: Any) -> list[str]:
    """Return the ids of the offers in an answer that are over and yet name the other side's person."""
    return [
        one["id"]
        for one in _objects(answer)
        if "giver_member" in one and one["status"] not in IN_PROGRESS and one[_OTHER_SIDE[one["direction"]]]
    ]


def _objects(answer: Any) -> Iterator[dict[str, Any]]:
    if isinstance(answer, dict):
        yield answer
    inside = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    for each in inside:
        yield from _objects(each)
