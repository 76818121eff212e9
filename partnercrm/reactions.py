"""When something happens below, do something above: the only upward wiring."""

from collections.abc import Mapping, Sequence
from typing import Final

from partnercrm.activity.actions import Reaction

REACTIONS: Final[Mapping[str, Sequence[Reaction]]] = {}
