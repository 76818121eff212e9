"""What is wrong with a cell of a file, and how it is kept with its row: as text, and as what the text is made of."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from partnercrm.kernel.errors import Told


class Fault(NamedTuple):
    """What is wrong with one cell."""

    field: str
    message: str
    column: int


def torn_row(width: int, count: int) -> Fault:
    """Return the fault of a row with more or fewer cells than the file has columns."""
    return Fault("row", Told("This row does not have %(width)d cells but %(count)d.", width=width, count=count), 1)


def kept(fault: Fault) -> dict[str, Any]:
    """Return a fault as it stands with its row."""
    told = fault.message
    made_of = {"sentence": told.sentence, "values": dict(told.values)} if isinstance(told, Told) else {}
    return {**fault._asdict(), "message": str(told), **made_of}


def read(found: Mapping[str, Any]) -> Fault:
    """Return a kept fault, its sentence with what it is made of."""
    made_of = Told(found["sentence"], **found["values"]) if "sentence" in found else None
    return Fault(found["field"], made_of or found["message"], found["column"])
