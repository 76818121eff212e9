"""Every page and form by every visitor on every state of what it names: the right answer, and not one canary."""

from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any

import pytest
from werkzeug.routing import Rule

from partnercrm.app import PAGES
from partnercrm.kernel.ids import new_id
from partnercrm.web.operation import Operation
from tests.matrix import canaries
from tests.matrix.conftest import Scratch
from tests.matrix.page_cells import PAGE_CELLS, PUBLIC
from tests.matrix.people import PROVE, VISITORS, Caller
from tests.matrix.rules import Cells
from tests.matrix.walking import PLACE, REQUEST_ID, Cell, Walk, telling
from tests.matrix.world import Thing, World

SHOWN_ONCE = {
    f"identity_pages.{name}"
    for name in ("make_token", "make_invitation_link", "export_person", "confirm_erasure", "open_entry")
} | {"deals_pages.check_deal", "deals_pages.check_draft"}
SCOPES = {f"{pages.name}.{name}": scope for pages in PAGES for name, scope in pages.scopes.items()}


class PageWalk(Walk):
    """A walk with a browser: cookies, forms with their hidden fields, and no bodies to read but pages."""

    def want(self, cell: Cell) -> set[int]:
        """Return what the rules demand; nobody is sent to the way in, and forms go on to a page."""
        (status,) = super().want(cell)
        if status == 401 and self.operation.method == "GET":
            return {303}
        if status == self.operation.status and self.operation.endpoint == "leads_pages.exchange":
            return {200, 303}
        return {status}

    def telling(self, planned: Sequence[Cell]) -> list[Cell]:
        """Choose as the operations do, but of one organization's people who are answered alike, only one.

        By which scope each of them is turned away or may act, the operations behind the pages tell. Who is shown a page
        is asked each, for what stands on it differs.
        """
        chosen = super().telling(planned)
        alike: dict[Any, Cell] = {}
        told: list[Cell] = []
        for cell in chosen:
            cells, caller, thing = cell
            want = frozenset(self.want(cell))
            is_shown = self.operation.method == "GET" and not want.isdisjoint({self.operation.status, 200})
            if PROVE or is_shown:
                told.append(cell)
            else:
                alike[cells, caller.organization, caller.is_alive, want, self.kind(caller, thing)] = cell
        return told + list(alike.values())

    def kind(self, caller: Caller, thing: Thing | None) -> tuple[str, str | None, bool] | None:
        """Tell things apart by whose side they are; by person, the operations behind the pages are tried."""
        found = super().kind(caller, thing)
        return found and (found[0], thing.organization if thing else None, found[2])

    def ask(self, cells: Cells, caller: Caller, thing: Thing | None) -> tuple[Any, frozenset[str]]:
        """Send the request as this visitor's browser does."""
        self.requests += 1
        options = cells.body(self.world, caller, thing) if cells.body else {}
        places = options.get("path", {}) | (thing.place if thing else {})
        path = PLACE.sub(lambda place: places.get(place[1], thing.id if thing else ""), self.path)
        data = dict(options.get("data", {}))
        browser = self.world.browsers[caller.name]
        if self.operation.method == "POST":
            data |= {"csrf_token": browser.csrf_token, "form_key": str(new_id())}
        client = self.world.app.test_client()
        client.set_cookie("partnercrm", browser.cookie)
        headers = {"X-Request-Id": REQUEST_ID}
        response = Context().run(
            lambda: client.open(path, method=self.operation.method, data=data or None, headers=headers)
        )
        return response, canaries.marks_in(f"{path} {data}".encode())


def routes(world: World) -> list[Rule]:
    """Return every route of the pages."""
    names = {pages.name for pages in PAGES}
    return [rule for rule in world.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names]


def test_every_page_has_its_cells(world: World) -> None:
    assert {rule.endpoint for rule in routes(world)} == set(PAGE_CELLS) | PUBLIC


@pytest.mark.parametrize("endpoint", PAGE_CELLS)
def test_every_cell_is_answered_as_the_rules_say_and_leaks_nothing(
    endpoint: str, world: World, scratch: Scratch, record_property: Callable[[str, object], None]
) -> None:
    rule = next(rule for rule in routes(world) if rule.endpoint == endpoint)
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    succeeds = 200 if method == "GET" or endpoint in SHOWN_ONCE else 303
    walk = PageWalk(world, scratch, rule.rule, Operation(method, rule.rule, endpoint, SCOPES[endpoint], None, succeeds))
    planned = [
        (cells, visitor, thing)
        for cells in PAGE_CELLS[endpoint]
        for visitor in VISITORS
        if cells.only(visitor)
        for thing in telling(world, cells.on)
    ]

    walk.over(chosen := walk.telling(planned))

    record_property("cells of the stranger matrix", walk.cells)
    record_property("requests of the stranger matrix", walk.requests)
    assert walk.cells == len(chosen)
    assert walk.wrong == []
