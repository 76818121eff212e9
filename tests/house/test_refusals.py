"""Every refusal an operation can end in is declared by it, and every refusal that is named is used."""

import ast
import inspect
from collections.abc import Iterable, Mapping

import pytest
from flask import Flask

from partnercrm.app import APIS
from partnercrm.kernel.errors import Conflict, Refusal
from partnercrm.leads.errors import LeadAlreadyOffered
from partnercrm.leads.queries import exchange
from partnercrm.web.endpoint import Door
from partnercrm.web.operation import Operation
from tests.cast import Cast
from tests.house.code import SLICES, modules, planted
from tests.house.refusals import Source, raised_by, read

OF_PAGES = frozenset(
    {
        *("LinkSpent", "LinkUsed", "NotYourLink", "NothingToDo", "PulseClosed", "PulseGiven", "SetUpAlready"),
        "WrongSignIn",
    }
)


def undeclared(sources: Mapping[str, Source], doors: Iterable[Door]) -> list[str]:
    """Return the refusals found by following the calls of each operation that it does not declare."""
    return [
        f"{operation.endpoint} can end in {name}"
        for door in doors
        for operation in door.operations
        for name in sorted(raised_by(sources, door.import_name + ".api", operation.endpoint) - _declared(operation))
    ]


def _declared(operation: Operation) -> set[str]:
    return {refusal.__name__ for refusal in operation.refuses}


def named() -> dict[str, type[Refusal]]:
    """Return every refusal the slices name."""
    files = [module for module in modules("partnercrm") if module.part in SLICES and module.room == "errors"]
    found = {}
    for module in files:
        names = __import__(module.name, fromlist=["*"])
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = getattr(names, node.name)
    return found


def test_every_refusal_is_declared_by_the_operations_that_can_end_in_it() -> None:
    assert undeclared(read(modules("partnercrm")), APIS) == []


def test_a_refusal_raised_deep_below_an_operation_is_found() -> None:
    code = modules("partnercrm") + planted(
        "partnercrm/faulty/api.py",
        """
        from partnercrm.leads.actions import offering

        def give_again(actor, given):
            return offering.offer_lead(actor, given)
        """,
    )
    door = Door("faulty", prefix="/faulty", description="")
    door.import_name = "partnercrm.faulty"
    door.operations.append(Operation("POST", "", "give_again", "leads:write", None, 200, refuses=(LeadAlreadyOffered,)))

    missing = ("ContactStays", "LeadUnderSeal", "PartnershipPaused", "SameLeadWithPartner", "TrustAdvanceGiven")
    assert undeclared(read(code), [door]) == [f"give_again can end in {name}" for name in missing]


def test_every_refusal_is_declared_somewhere() -> None:
    declared = {name for door in APIS for operation in door.operations for name in _declared(operation)}
    assert set(named()) - OF_PAGES == declared


def test_every_refusal_says_what_is_the_case() -> None:
    for name, refusal in named().items():
        assert refusal.title != inspect.getattr_static(Refusal, "title"), name
        assert refusal.title.endswith("."), name


def test_an_undeclared_refusal_fails_the_test_that_meets_it(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Surprise(Conflict):
        title = "Nobody declared this."

    def surprised(*_: object) -> None:
        raise Surprise

    monkeypatch.setattr(exchange, "offer", surprised)

    cast.gina.call("GET", "/offers/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", expect=500)

    assert "read_offer does not declare Surprise" in caplog.text
