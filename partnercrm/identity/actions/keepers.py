"""Where slices above say what they keep of a person, and how their shared things are told of an erasure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor

Keeper = Callable[[Actor, str], Sequence[Mapping[str, Any]]]
Teller = Callable[[Actor, UUID, UUID], None]
_keepers: dict[str, Keeper] = {}
_tellers: list[Teller] = []


def install(keepers: Mapping[str, Keeper], tell_partnership: Teller) -> None:
    """Take who answers, by kind, what is kept of the person with an address, and who tells a partnership."""
    _keepers.clear()
    _keepers.update(keepers)
    _tellers[:] = [tell_partnership]


def kept_of(actor: Actor, email: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Return what every slice keeps of the person with this address, by kind."""
    return {kind: keeper(actor, email) for kind, keeper in _keepers.items()}


def tell(actor: Actor, partnership_id: UUID, erasure_id: UUID) -> None:
    """Record for both sides of a partnership that a person was erased in it."""
    for teller in _tellers:
        teller(actor, partnership_id, erasure_id)
