"""Two histories of one world that differ in what one side keeps to itself, and all that the other side can hear."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final
from uuid import uuid4

import psycopg

from partnercrm.app import APIS
from partnercrm.kernel import clock
from partnercrm.web.endpoint import operations
from partnercrm.web.operation import Operation
from tests.factories import incentives
from tests.factories.deals import deal
from tests.factories.leads import KNOWN
from tests.matrix.cells import CELLS
from tests.matrix.conftest import Scratch
from tests.matrix.page_cells import PAGE_CELLS
from tests.matrix.people import CALLERS, PROVE, Caller
from tests.matrix.rules import Cells
from tests.matrix.test_pages import SCOPES, PageWalk, routes
from tests.matrix.things import Thing, World
from tests.matrix.walking import Walk, plain

# Who of either side acts, and who of the other side listens.
SIDES: Final = {"acme": ("sam", "dana", "gina", "hank"), "globex": ("gina", "hank", "sam", "dana")}
LISTENERS: Final = {
    "acme": ("partner's manager", "partner", "partner's non-member"),
    "globex": ("own manager", "own seller", "own seller, no member", "own admin"),
}
_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_REPLACED: Final = (
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), "<hash>"),
    (re.compile(r"pcrm_\w+"), "<secret>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"< ]*"), "<moment>"),
    (re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\b"), "<time>"),
    (re.compile(r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_.-]{27,}"), "<signed>"),
)


def heard_as(text: str) -> str:
    """Return a text without ids, moments, hashes and signatures; ids are numbered as they come."""
    known: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return known.setdefault(found[0].replace("-", ""), f"<id {len(known)}>")

    for pattern, word in _REPLACED:
        text = pattern.sub(word, text)
    return _ID.sub(numbered, text)


def live(world: World, side: str, *, busy: bool) -> list[str]:
    """Let a side do what the other learns of, the same in either history, and beside it much or little in private.

    Return the ids of what it keeps to itself.
    """
    seller, manager, *others = (world.players[who] for who in SIDES[side])
    opened = f"/rounds/{world.one('round', 'open').id}"
    world.players["dana"].call("POST", f"{opened}/unseal", expect=200)
    _in_bands(world)
    hidden = [_entered(world, seller, f"Private {number}") for number in range(5 if busy else 1)]
    if busy:
        _in_private(world, seller, manager)
    teaser = {"industry": "Paired", "value": {"amount": "13000.00" if busy else "12000.00", "currency": "EUR"}}
    offered = [
        _offered(
            world,
            seller,
            teaser | {"need": f"Paired {number}", "company_name": "One for all" if busy else f"One of {number}"},
        )
        for number in range(3)
    ]
    seller.call("POST", f"/offers/{offered[0]}/withdraw", expect=200)
    others[0].call("POST", f"/offers/{offered[1]}/decline", json={"reason": "no_fit"}, expect=200)
    for player in others:
        player.call("GET", f"/offers/{offered[2]}", expect=200)
    seller.call("POST", f"/offers/{offered[2]}/agree-value", expect=200)
    _won(world, seller, others[0], "21000.00" if busy else "20000.00")
    _registered(world, manager if busy else seller, "130000.00" if busy else "120000.00")
    return [*hidden, *_picked(world, opened, side, busy=busy)]


def _in_bands(world: World) -> None:
    """Let both sides agree to tell bands from now on: what is within one is each side's own."""
    path, hank = f"/partnerships/{world.living}/term-changes", world.players["hank"]
    hank.call("POST", f"/term-changes/{world.one('term change', 'open').id}/withdraw", expect=200)
    given = {"based_on": 2, "terms": {"value_disclosure": "band"}}
    change = world.players["dana"].call("POST", path, json=given, expect=201)
    hank.call("POST", f"/term-changes/{change['id']}/accept", expect=200)


def _won(world: World, seller: Any, giver: Any, amount: str) -> None:
    """Let the seller win a lead of the other side's, worth what it keeps to itself; only the other side says yes."""
    lead = giver.call("POST", "/leads", json={"company_name": "Won", "need": "Paired to win"}, expect=201)
    given = {"lead_id": lead["id"], "partnership_id": world.living}
    offered = giver.call("POST", "/offers", json=given, expect=201)["id"]
    for verb in ("accept", "qualify", "convert"):
        options = {} if verb == "accept" else {"json": {}}
        seller.call("POST", f"/offers/{offered}/{verb}", expect=200, **options)
    won = {"value": {"amount": amount, "currency": "EUR"}}
    seller.call("POST", f"/offers/{offered}/win", json=won, expect=200)
    giver.call("POST", f"/offers/{offered}/agree-value", expect=200)


def _registered(world: World, who: Any, amount: str) -> None:
    """Register a deal: who of the side works on it, and what it is worth within its band, is that side's own."""
    given = deal(world.living, "Paired", value={"amount": amount, "currency": "EUR"}, close_on="2040-01-31")
    who.call("POST", "/registrations", json=given, expect=201)


def _in_private(world: World, seller: Any, manager: Any) -> None:
    """Keep, change and throw away what the other side hears nothing of."""
    path = f"/partnerships/{world.living}/term-draft"
    tag = manager.response("GET", path).headers.get("ETag")
    draft = {"based_on": 3, "note": "Perhaps.", "terms": {"offer_days": 77}}
    manager.call("PUT", path, json=draft, if_match=tag, expect=200)
    begun = {"partnership_id": world.living, "asks": "Perhaps.", "account": {"name": "Paired"}}
    seller.call("POST", "/registration-drafts", json=begun, expect=201)
    thrown = _entered(world, seller, "Thrown away")
    tag = seller.response("GET", f"/leads/{thrown}").headers["ETag"]
    seller.call("DELETE", f"/leads/{thrown}", if_match=tag, expect=204)
    for lead in seller.call("GET", "/leads", query_string={"status": "draft"}, expect=200)["items"]:
        tag = seller.response("GET", f"/leads/{lead['id']}").headers["ETag"]
        seller.call("PATCH", f"/leads/{lead['id']}", json={"notes": "Called twice."}, if_match=tag, expect=200)
    seller.call("POST", "/tokens", json={"name": "spare", "scopes": ["leads:read"]}, expect=201)
    for candidate in seller.call("GET", "/candidates", expect=200)["items"]:
        seller.call("POST", f"/candidates/{candidate['id']}/confirm", expect=200)
    _booked(seller)
    _divided(manager, seller)
    _paid(world, manager, seller)
    common = seller.call("GET", "/accounts/by-key/made/in common", expect=200)["id"]
    for account_id in (common, seller.call("POST", "/accounts", json={"name": "Alone"}, expect=201)["id"]):
        said = {"partnership_id": world.living, "reach": "seller@paired.example"}
        seller.call("POST", f"/accounts/{account_id}/yeses", json=said, expect=201)


def _booked(seller: Any) -> None:
    """Keep a book of every deal, open or closed."""
    for deal_id in (one["id"] for one in seller.call("GET", "/deals", expect=200)["items"]):
        book = f"/deals/{deal_id}/book"
        kept = {"own_stage": "Late", "forecast": "commit", "notes": "Theirs is dearer."} | {
            name: {"amount": "77000.00", "currency": "EUR"} for name in ("value", "price")
        }
        tag = seller.response("GET", book).headers["ETag"]
        seller.call("PATCH", book, json=kept, if_match=tag, expect=200)


def _divided(manager: Any, seller: Any) -> None:
    """Divide the own side's share of every deal, open or closed, and then otherwise."""
    for deal_id in (one["id"] for one in manager.call("GET", "/deals", expect=200)["items"]):
        path = f"/deals/{deal_id}/division"
        for whole in (2, 1_000_000):
            people = (seller.actor.user_id, manager.actor.user_id)
            parts = [{"user_id": str(person), "parts": whole // 2} for person in people]
            tag = manager.response("GET", path).headers["ETag"]
            manager.call("PUT", path, json={"whole": whole, "participants": parts}, if_match=tag, expect=200)


def _paid(world: World, manager: Any, seller: Any) -> None:
    """Say what is won alone, write a plan, pay a seller by it, and ask what a deal would earn."""
    stated = {"won": 7, "lost": 70, "value": {"amount": "77.00", "currency": "EUR"}, "days": 77}
    manager.call("POST", f"/partnerships/{world.living}/sales-baseline", json=stated, expect=200)
    plan = incentives.published(manager, incentives.drafted(manager, "Paired"))
    incentives.assigned(manager, plan, user_id=str(seller.actor.user_id))
    asked = {"value": {"amount": "77.00", "currency": "EUR"}, "partnership_id": world.living}
    seller.call("POST", "/incentives/preview", json=asked, expect=200)


def _entered(world: World, seller: Any, company: str) -> str:
    contact = {"contact_name": f"Robin of {company}", "contact_email": "robin@paired.example", **KNOWN}
    given = {"company_name": company, "need": "Hidden", "notes": company, **contact}
    entered: str = seller.call("POST", "/leads", json=given, expect=201)["id"]
    return entered


def _offered(world: World, seller: Any, fields: dict[str, Any]) -> str:
    """Offer a lead whose teaser tells nothing of what differs."""
    lead = seller.call("POST", "/leads", json=fields, expect=201)
    given = {"lead_id": lead["id"], "partnership_id": world.living, "message": fields["company_name"]}
    offered: str = seller.call("POST", "/offers", json=given, expect=201)["id"]
    return offered


def _picked(world: World, opened: str, side: str, *, busy: bool) -> list[str]:
    """Pick one lead, or several of which one is left; seal it."""
    seller, manager, *_ = (world.players[who] for who in SIDES[side])
    for pick in seller.call("GET", f"{opened}/picks", expect=200)["items"]:
        seller.call("POST", f"{opened}/unpick", json={"lead_id": pick["lead_id"]}, expect=200)
    leads = [_entered(world, seller, f"Picked {number}") for number in range(4 if busy else 1)]
    for number, lead_id in enumerate(leads):
        pick = {"lead_id": lead_id, "message": f"Picked {number}", "shows_company": busy}
        seller.call("POST", f"{opened}/pick", json=pick, expect=200)
    for lead_id in leads[1:]:
        seller.call("POST", f"{opened}/unpick", json={"lead_id": lead_id}, expect=200)
    manager.call("POST", f"{opened}/seal", expect=200)
    return leads


@dataclass
class Listening:
    """Everything the other side can ask, in one copy of the world; what it hears, by the question's name."""

    world: World
    scratch: Scratch
    side: str
    moment: datetime
    requests: int = 0
    heard: dict[str, str] = field(default_factory=dict)

    def listen(self, kept: Iterable[str], only: str = "") -> None:
        """Ask all there is to read, and for every single thing by the ids of what is `kept` from the asker."""
        secrets = list(kept)
        for path, operation in operations(APIS):
            if operation.method == "GET" and operation.endpoint.startswith(only):
                walk = Walk(self.world, self.scratch, path, operation)
                self._ask(walk, CELLS[operation.endpoint], secrets)
        for rule in routes(self.world):
            if "GET" in (rule.methods or ()) and rule.endpoint in PAGE_CELLS and rule.endpoint.startswith(only):
                scope = SCOPES[rule.endpoint]
                walk = PageWalk(
                    self.world, self.scratch, rule.rule, Operation("GET", rule.rule, rule.endpoint, scope, None, 200)
                )
                self._ask(walk, PAGE_CELLS[rule.endpoint], secrets)

    def _ask(self, walk: Walk, cells_of: Iterable[Cells], secrets: list[str]) -> None:
        for cells in cells_of:
            for caller in _listeners(self.side):
                for thing in self._things(cells):
                    self._note(walk, cells, caller, thing)
                    if thing is not None and thing is self._things(cells)[0]:
                        self._ask_for_kept(walk, cells, caller, thing, secrets)

    def _things(self, cells: Cells) -> list[Thing | None]:
        """Return what to ask about: one of each kind and side, or all there is."""
        if not cells.on:
            return [None]
        found = self.world.of(cells.on)
        if PROVE:
            return [*found]
        return [*{(thing.organization, thing.lives): thing for thing in found}.values()]

    def _note(self, walk: Walk, cells: Cells, caller: Caller, thing: Thing | None) -> None:
        name = f"{walk.operation.endpoint} by {caller.name} on {f'{thing.kind} {thing.state}' if thing else 'nothing'}"
        self.heard[name] = self._said(walk, cells, caller, thing)

    def _ask_for_kept(self, walk: Walk, cells: Cells, caller: Caller, thing: Thing, secrets: list[str]) -> None:
        """Ask for what is kept by its id: the answer is that for something which never was."""
        never = self._said(walk, cells, caller, _with_id(thing, str(uuid4())))
        told = {
            self._said(walk, cells, caller, _with_id(thing, secret)) for secret in (secrets if PROVE else secrets[-1:])
        }
        name = f"{walk.operation.endpoint} by {caller.name} for what is kept"
        self.heard[name] = "as what never was" if told == {never} else "\n".join(sorted(told))

    def _said(self, walk: Walk, cells: Cells, caller: Caller, thing: Thing | None) -> str:
        self.requests += 1
        with clock.at(self.moment):
            response, _ = walk.ask(cells, caller, thing)
        return heard_as("\n".join(plain(response)))


def _with_id(thing: Thing, other: str) -> Thing:
    place = {name: other if re.fullmatch(_ID, value) else value for name, value in thing.place.items()}
    return Thing(thing.kind, thing.state, thing.organization, other, thing.owner, thing.other, thing.lives, place)


def _listeners(side: str) -> list[Caller]:
    names = LISTENERS[side] if PROVE else LISTENERS[side][:1]
    return [caller for caller in CALLERS if caller.name in names]


def queued(url: str, organization_id: Any) -> list[str]:
    """Return the jobs that are done with an organization's hand, in their order, without ids."""
    query = (
        "SELECT task_name, args::text FROM procrastinate.procrastinate_jobs"
        " WHERE args->>'organization_id' = %s ORDER BY task_name, scheduled_at, id"
    )
    with psycopg.connect(url) as connection:
        return [heard_as(f"{name} {args}") for name, args in connection.execute(query, [str(organization_id)])]


def forget_jobs(url: str) -> None:
    """Empty the queue: what the world was made by is no part of what differs."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE procrastinate.procrastinate_jobs CASCADE")


def differing(one: dict[str, str], other: dict[str, str]) -> Iterator[str]:
    """Yield what tells the two histories apart."""
    for name in dict.fromkeys(chain(one, other)):
        if one.get(name) != other.get(name):
            first, second = one.get(name, "").splitlines(), other.get(name, "").splitlines()
            yield f"{name}: {sorted(set(first) ^ set(second))[:4]}"
