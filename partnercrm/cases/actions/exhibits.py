"""What can be copied into a case from the slices above, by what each calls its things."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound

Exhibit = Callable[[Actor, UUID], Mapping[str, Any]]
_exhibits: dict[str, Exhibit] = {}


def show_with(exhibits: Mapping[str, Exhibit]) -> None:
    """Say who writes down the record of a thing as both of its sides read it: `title` and `facts`."""
    _exhibits.clear()
    _exhibits.update(exhibits)


def exhibit(actor: Actor, subject: str, subject_id: UUID) -> Mapping[str, Any]:
    """Return a frozen copy of a thing's record, to show in a case. Raises NotFound."""
    if subject not in _exhibits:
        raise NotFound
    return _exhibits[subject](actor, subject_id)
