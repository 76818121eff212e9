"""Walking cells: one request each, answered as the rules demand, without a canary; hidden looks like missing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Final
from uuid import UUID, uuid4

from partnercrm.kernel.actor import Asked, any_of
from partnercrm.web.operation import Operation
from tests.matrix import canaries
from tests.matrix.conftest import Scratch
from tests.matrix.names import named_abroad
from tests.matrix.people import PROVE, Caller
from tests.matrix.rules import SEES, Cells, expected
from tests.matrix.world import Thing, World

TELLING: Final = frozenset({"draft", "offered", "accepted", "partner's", "received offered", "received accepted"})
Cell = tuple[Cells, Caller, Thing | None]
REQUEST_ID: Final = "0ddba11-5a3e"
PLACE: Final = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_VARYING: Final = frozenset(
    {"content-length", "date", "retry-after", "set-cookie", "x-ratelimit-remaining", "x-ratelimit-reset"}
)
_HIDDEN_INPUT: Final = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="[^"]*">')
_TYPED_ADDRESS: Final = re.compile(r'value="[^"@]*@[^"]*"')


def _opens(asked: Asked, caller: Caller) -> bool:
    return asked is None or not caller.scopes.isdisjoint(any_of(asked))


def telling(world: World, kind: str) -> Sequence[Thing | None]:
    """Return the things to try: one in each telling state, or all there are when everything is proved."""
    if not kind:
        return [None]
    return [thing for thing in world.of(kind) if PROVE or kind not in {"lead", "offer"} or thing.state in TELLING]


@dataclass
class Walk:
    """A walk over the cells of one operation."""

    world: World
    scratch: Scratch
    path: str
    operation: Operation
    cells: int = 0
    requests: int = 0
    wrong: list[str] = field(default_factory=list)
    _missing: dict[tuple[str, Cells], Any] = field(default_factory=dict)

    def over(self, planned: Iterable[Cell]) -> None:
        """Visit all cells; those that change something come last, in copies of the world, no thing twice in one."""
        rounds: dict[Cells, list[dict[str, Cell]]] = defaultdict(list)
        for cell in planned:
            if self.operation.method == "GET" or self.operation.status not in self.want(cell):
                self._visit(cell)
                continue
            touched = cell[2].id if cell[2] else "the organization"
            free = next((one for one in rounds[cell[0]] if touched not in one), None)
            if free is None:
                rounds[cell[0]].append(free := {})
            free[touched] = cell
        for one in chain.from_iterable(rounds.values()):
            with self.scratch():
                for cell in one.values():
                    self._visit(cell)

    def telling(self, planned: Sequence[Cell]) -> list[Cell]:
        """Return, for each caller, one cell of every answer demanded about every side's things; all when proving.

        Who is turned away before anything is looked for is so whatever the request names.
        """
        if PROVE:
            return list(planned)
        kinds = {
            (cells, caller.name, frozenset(self.want((cells, caller, thing))), self.kind(caller, thing)): (
                cells,
                caller,
                thing,
            )
            for cells, caller, thing in planned
        }
        return list(kinds.values())

    def kind(self, caller: Caller, thing: Thing | None) -> tuple[str, str | None, bool] | None:
        """Return what makes a thing another one to this caller; nothing does to one who is turned away."""
        if thing is None or not caller.is_alive or not _opens(self.operation.scope, caller):
            return None
        return thing.kind, thing.owner, thing.lives

    def want(self, cell: Cell) -> set[int]:
        """Return what the rules demand: one of these statuses."""
        return {expected(self.operation.scope, self.operation.status, *cell)}

    def _visit(self, cell: Cell) -> None:
        self.cells += 1
        cells, caller, thing = cell
        want = self.want(cell)
        response, sent = self.ask(*cell)
        name = f"{self.operation.endpoint} by {caller.name} on {f'{thing.kind} {thing.state}' if thing else 'nothing'}"
        if response.status_code not in want:
            self.wrong.append(f"{name}: {response.status_code} instead of {want}: {response.text[:300]}")
        self._search(name, response, sent, cell)
        if cells.lists and response.status_code == 200:
            self._compare_list(name, response, cells, caller)
        if thing is not None and want == {cells.hidden} and cells.looks_missing(caller, thing):
            self._compare_with_missing(name, response, cells, caller, thing)

    def ask(self, cells: Cells, caller: Caller, thing: Thing | None) -> tuple[Any, frozenset[str]]:
        """Send the request; return the response and the marks that were sent."""
        self.requests += 1
        options = cells.body(self.world, caller, thing) if cells.body else {}
        places = options.pop("path", {}) | (thing.place if thing else {})
        path = PLACE.sub(lambda place: places.get(place[1], thing.id if thing else ""), self.path)
        headers = {"X-Request-Id": REQUEST_ID}
        if caller.name in self.world.secrets:
            headers["Authorization"] = f"Bearer {self.world.secrets[caller.name]}"
        if self.operation.matches:
            changed = next((part for part in path.split("/") if part in self.world.tags), "")
            headers["If-Match"] = options.pop("tag", self.world.tags.get(changed, '"none"'))
        if self.operation.replaces and (tag := options.pop("tag", "")):
            headers["If-Match"] = tag
        response = self.world.app.test_client().open(path, method=self.operation.method, headers=headers, **options)
        return response, canaries.marks_in(f"{path} {options.get('json')}".encode())

    def _search(self, name: str, response: Any, sent: frozenset[str], cell: Cell) -> None:
        cells, caller, thing = cell
        reader = caller.person.name if caller.person and caller.is_alive else None
        for leak in self.world.canaries.leaks(response, reader, sent):
            if not (cells.reveals and response.status_code == 200 and thing and _details(thing).fullmatch(leak.place)):
                self.wrong.append(f"{name} leaks the {leak.place}")
        if named_abroad(response.get_json(silent=True)):
            self.wrong.append(f"{name} names somebody of the other side on an offer that is over")

    def _compare_list(self, name: str, response: Any, cells: Cells, caller: Caller) -> None:
        """See that the list holds what the caller sees, and of the others nothing."""
        listed = {item["id"] for item in response.json["items"]}
        for thing in self.world.of(cells.lists):
            if (thing.id in listed) != SEES[thing.kind](caller, thing):
                how = "holds" if thing.id in listed else "lacks"
                self.wrong.append(f"{name}: the list {how} the {thing.kind} {thing.state}")

    def _compare_with_missing(self, name: str, response: Any, cells: Cells, caller: Caller, thing: Thing) -> None:
        """See that the answer is, byte for byte, that about something which never was."""
        if (caller.name, cells) not in self._missing:
            nowhere = {place: _nowhere(value) for place, value in thing.place.items()}
            missing, _ = self.ask(cells, caller, replace(thing, id=str(uuid4()), place=nowhere))
            self._missing[caller.name, cells] = plain(missing)
        if plain(response) != self._missing[caller.name, cells]:
            differs = set(plain(response)) ^ set(self._missing[caller.name, cells])
            self.wrong.append(f"{name}: differs from a missing one: {sorted(differs)}")


def _details(offer: Thing) -> re.Pattern[str]:
    """Return how the canaries are called that accepting the offer opens to its receiver."""
    what = "company|domain|contact|contact's address|value|message"
    return re.compile(f"({what}) of {offer.owner}'s {offer.state} (lead|offer)")


def _nowhere(value: str) -> str:
    try:
        return str(uuid4()) if UUID(value) else value
    except ValueError:
        return "nowhere"


def plain(response: Any) -> list[str]:
    """Return, line by line, what of a response must be the same for a hidden and a missing thing."""
    headers = [f"{name}: {value}" for name, value in response.headers if name.lower() not in _VARYING]
    return [response.status, *headers, *_TYPED_ADDRESS.sub("", _HIDDEN_INPUT.sub("", response.text)).splitlines()]
