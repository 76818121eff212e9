"""Every API operation by every caller on every state of what it names: the right answer, and not one canary."""

from collections.abc import Callable

import pytest

from partnercrm.app import APIS
from partnercrm.web.endpoint import operations
from partnercrm.web.operation import Operation
from tests.matrix.cells import CELLS
from tests.matrix.conftest import Scratch
from tests.matrix.names import named_abroad
from tests.matrix.people import callers
from tests.matrix.walking import Walk
from tests.matrix.world import World

OPERATIONS = operations(APIS)


def test_every_operation_has_its_cells() -> None:
    assert set(CELLS) == {operation.endpoint for _, operation in OPERATIONS}


def test_a_name_of_the_other_side_is_found_in_whatever_answers() -> None:
    sam = {"name": "Sam"}
    over = {"id": "1", "status": "won", "direction": "received", "giver_member": sam, "receiver_member": None}

    assert named_abroad({"items": [over]}) == ["1"]
    for one in (over | {"status": "accepted"}, over | {"direction": "given"}, over | {"giver_member": None}):
        assert named_abroad([one]) == []


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[operation.endpoint for _, operation in OPERATIONS])
def test_every_cell_is_answered_as_the_rules_say_and_leaks_nothing(
    path: str,
    operation: Operation,
    world: World,
    scratch: Scratch,
    record_property: Callable[[str, object], None],
) -> None:
    walk = Walk(world, scratch, path, operation)
    planned = [
        (cells, caller, thing)
        for cells in CELLS[operation.endpoint]
        for caller in callers(operation.scope)
        if cells.only(caller)
        for thing in (world.of(cells.on) if cells.on else [None])
    ]

    walk.over(chosen := walk.telling(planned))

    record_property("cells of the stranger matrix", walk.cells)
    record_property("requests of the stranger matrix", walk.requests)
    assert walk.cells == len(chosen)
    assert walk.wrong == []
