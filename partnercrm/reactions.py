"""When something happens below, do something above: the only upward wiring."""

from collections.abc import Mapping, Sequence
from typing import Final

from partnercrm.activity.actions import Reaction
from partnercrm.cases.actions.exhibits import Exhibit
from partnercrm.leads.queries import standing

REACTIONS: Final[Mapping[str, Sequence[Reaction]]] = {}

# What cases can copy in: the records of things above them.
EXHIBITS: Final[Mapping[str, Exhibit]] = {"offers": standing.exhibit}
