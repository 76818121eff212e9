"""The world the matrix walks: every kind of thing in every state, of four organizations, full of canaries."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Flask

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import watching
from tests.factories.leads import KNOWN
from tests.matrix import agreeing, people, settling, telling
from tests.matrix.canaries import Canaries
from tests.matrix.people import MEMBERS, PEOPLE, administrators, colleagues
from tests.matrix.things import Thing, World

ROADS: Final[dict[str, tuple[str, ...]]] = {
    "offered": (),
    "withdrawn": ("withdraw",),
    "declined": ("decline",),
    "expired": ("expire",),
    "accepted": ("accept",),
    "disqualified": ("accept", "disqualify"),
    "returned": ("accept", "return"),
    "qualified": ("accept", "qualify"),
    "converted": ("accept", "qualify", "convert"),
    "won": ("accept", "qualify", "convert", "win"),
    "lost": ("accept", "qualify", "convert", "lose"),
}
WITHOUT_BASIS: Final = "qualified"


def build(app: Flask) -> World:
    """Make the world; everything in it is made by the people themselves, through the API."""
    from tests.matrix import companies, comparing, hours, joining, moving, rounding, selling, teaching, valuing

    canaries = Canaries()
    organizations = people.found_organizations(canaries)
    world = World(app, canaries, organizations, people.let_in(app, organizations, canaries))
    _past(world, teaching.teach_past)
    world.living = _partnership(world, "dana", "hank")
    _members(world, world.living)
    _proposals(world, "proposal", "dana", "hugo")
    _proposals(world, "received", "hugo", "dana")
    _strangers(world)
    _leads_and_offers(world)
    valuing.agree(world)
    companies.enter(world)
    rounding.exchange(world)
    comparing.agree(world)
    joining.join(world)
    teaching.teach(world)
    selling.sell(world)
    settling.settle(world)
    moving.ask(world)
    moving.assign(world)
    agreeing.propose(world)
    agreeing.go_on(world)
    _partnerships(world)
    _people(world)
    hours.plan(world)
    _invitations(world)
    telling.ask(world)
    telling.tell(world)
    _tokens(world)
    _tags(world)
    return world


def _past(world: World, teach: Callable[[World], None]) -> None:
    """Let Acme and Globex have been partners before; what was shared then is closed to both."""
    world.ended = _partnership(world, "dana", "hank")
    _members(world, world.ended)
    for status in ("offered", "accepted"):
        _offer(world, "sam", world.ended, status, f"ended {status}")
    settling.open_past(world)
    agreeing.open_past(world)
    teach(world)
    _end(world, "dana", world.ended)


def _strangers(world: World) -> None:
    """Let the stranger have partners, leads and offers of its own."""
    begun = _partnership(world, "ines", "hugo")
    lead_id = lead(world, "ines", "stranger's", teaser=["hugo"])
    world.players["ines"].call("POST", "/offers", json={"lead_id": lead_id, "partnership_id": begun}, expect=201)
    world.things.append(Thing("partnership", "strangers'", "initech", begun, other="hooli"))


def _leads_and_offers(world: World) -> None:
    for who, state in (("sam", "draft"), ("dana", "colleague's"), ("gina", "partner's")):
        lead(world, who, state)
    for status in ROADS:
        _offer(world, "sam", world.living, status, status)
    _offer(world, "dana", world.living, "accepted", "colleague's accepted")
    for status in ("offered", "accepted", "declined"):
        _offer(world, "gina", world.living, status, f"received {status}")


def own_readers(who: str) -> list[str]:
    """Return who reads a person's own leads: the owner, and colleagues who oversee all."""
    return [who, *(name for name in colleagues(PEOPLE[who].organization) if "leads:all" in PEOPLE[name].scopes)]


def lead(world: World, who: str, state: str, teaser: Sequence[str] = (), details: Sequence[str] = ()) -> str:
    """Enter a lead; beside its own readers, others read its teaser or its details as well."""
    own, has_basis = own_readers(who), state != WITHOUT_BASIS

    def plant(what: str, *more: Sequence[str]) -> str:
        return world.canaries.word(f"{what} of {who}'s {state} lead", [*own, *(name for part in more for name in part)])

    contact = details if has_basis else ()
    value = world.canaries.amount(f"value of {who}'s {state} lead", [*own, *details])
    given = {
        "company_name": plant("company", details),
        "company_domain": plant("domain", details) + ".example",
        "need": plant("need", teaser),
        "industry": plant("industry", teaser),
        "contact_role": plant("contact's role", teaser),
        "contact_name": plant("contact", contact),
        "contact_email": plant("contact's address", contact) + "@contact.example",
        **(KNOWN if has_basis else {}),
        "value": {"amount": value, "currency": "EUR"},
        "notes": plant("notes"),
        "connector": "crm",
        "external_id": plant("key"),
    }
    lead_id: str = world.players[who].call("POST", "/leads", json=given, expect=201)["id"]
    place = {"connector": "crm", "external_id": str(given["external_id"])}
    world.things.append(Thing("lead", state, PEOPLE[who].organization, lead_id, owner=who, place=place))
    return lead_id


def _offer(world: World, who: str, partnership_id: str, status: str, state: str) -> None:
    """Offer a lead of this person's and bring it to this status; members of both sides read what they should."""
    ours, receiver = PEOPLE[who].organization, "gina" if PEOPLE[who].organization == "acme" else "sam"
    lives = partnership_id == world.living
    members = MEMBERS if lives else ()
    own_side = [name for name in members if PEOPLE[name].organization == ours]
    details = members if "accept" in ROADS[status] else own_side
    lead_id = lead(world, who, state, members, details)
    message = world.canaries.word(f"message of {who}'s {state} offer", details)
    given = {"lead_id": lead_id, "partnership_id": partnership_id, "message": message}
    given["role_only"] = state == WITHOUT_BASIS
    offer_id = world.players[who].call("POST", "/offers", json=given, expect=201)["id"]
    for verb in ROADS[status]:
        _step(world, (who, receiver), offer_id, verb, members)
    other = PEOPLE[receiver].organization
    world.things.append(Thing("offer", state, ours, offer_id, owner=who, other=other, lives=lives))


def _step(world: World, sides: tuple[str, str], offer_id: str, verb: str, members: Iterable[str]) -> None:
    giver, receiver = sides
    if verb == "expire":
        actor = Actor.system(world.organizations[PEOPLE[giver].organization])
        with clock.at(clock.now() + timedelta(days=31)), db.transaction(actor):
            watching.expire_offer(actor, UUID(offer_id))
        return
    readers = [*members, *administrators(PEOPLE[receiver].organization)]
    note = world.canaries.word(f"note to {verb}", readers)
    bodies: dict[str, dict[str, Any]] = {
        "decline": {"reason": "no_capacity", "note": note},
        "disqualify": {"reason": "no_budget", "note": note},
        "return": {"reason": "no_capacity", "note": note},
        "lose": {"reason": "price", "note": note},
        "qualify": {},
        "convert": {},
        "win": {"value": {"amount": world.canaries.amount("value won", readers), "currency": "EUR"}},
    }
    options = {"json": bodies[verb]} if verb in bodies else {}
    player = world.players[giver if verb == "withdraw" else receiver]
    player.call("POST", f"/offers/{offer_id}/{verb}", expect=200, **options)


def _proposals(world: World, kind: str, proposer: str, addressee: str) -> None:
    """Let one propose to the other until every state is there; what was accepted was ended."""
    for state, side, verb in (
        ("withdrawn", "proposals", "withdraw"),
        ("declined", "received-proposals", "decline"),
        ("accepted", "received-proposals", "accept"),
        ("open", "", ""),
    ):
        ids = dict(zip(("proposals", "received-proposals"), _propose(world, proposer, addressee), strict=True))
        if verb:
            player = world.players[proposer if side == "proposals" else addressee]
            answered = player.call("POST", f"/{side}/{ids[side]}/{verb}")
            if state == "accepted":
                _end(world, addressee, answered["id"])
        thing_id = ids["proposals" if kind == "proposal" else "received-proposals"]
        world.things.append(Thing(kind, state, "acme", thing_id))


def _propose(world: World, proposer: str, addressee: str) -> tuple[str, str]:
    ours, theirs = colleagues(PEOPLE[proposer].organization), colleagues(PEOPLE[addressee].organization)
    email = world.players[addressee].email
    world.canaries.plant(email.partition("@")[0], "", ours)
    given = {
        "addressee": email,
        "message": world.canaries.word(f"proposal of {proposer} to {addressee}", [*ours, *theirs]),
        "terms": {"value_disclosure": "exact"},
    }
    sent = world.players[proposer].call("POST", "/proposals", json=given, expect=201)
    received = world.players[addressee].call("GET", "/received-proposals", expect=200)["items"][0]
    return sent["id"], received["id"]


def _partnership(world: World, proposer: str, addressee: str) -> str:
    _, received_id = _propose(world, proposer, addressee)
    begun = world.players[addressee].call("POST", f"/received-proposals/{received_id}/accept", expect=201)
    partnership_id: str = begun["id"]
    return partnership_id


def _end(world: World, who: str, partnership_id: str) -> None:
    path = f"/partnerships/{partnership_id}"
    tag = world.players[who].response("GET", path).headers["ETag"]
    world.players[who].call("POST", f"{path}/end", if_match=tag, expect=200)


def _members(world: World, partnership_id: str) -> None:
    for manager, seller in (("dana", "sam"), ("hank", "gina")):
        given = {"user_id": world.person_id(seller), "role": "seller"}
        world.players[manager].call("POST", f"/partnerships/{partnership_id}/members", json=given, expect=201)


def _partnerships(world: World) -> None:
    for state, partnership_id in (("living", world.living), ("ended", world.ended)):
        lives = state == "living"
        world.things.append(Thing("partnership", state, "acme", partnership_id, other="globex", lives=lives))
    members = world.players["dana"].call("GET", f"/partnerships/{world.living}")["members"]
    for who, state in (("sam", "seller"), ("dana", "last manager"), ("gina", "partner's")):
        member_id = next(member["id"] for member in members if member["name"].startswith(who))
        place = {"partnership_id": world.living}
        world.things.append(Thing("member", state, PEOPLE[who].organization, member_id, owner=who, place=place))
    place = {"partnership_id": world.ended}
    member_id = world.one("member", "seller").id
    world.things.append(Thing("member", "ended", "acme", member_id, other="globex", lives=False, place=place))


def _people(world: World) -> None:
    """Let there be teams, somebody who was disabled, and what Acme agreed with its people."""
    reason = world.canaries.word("reason of the works agreement", colleagues("acme"))
    agreed = {"person_figures": "off", "reason": reason}
    world.players["ada"].call("POST", "/works-agreement", json=agreed, expect=201)
    for who, state in (("nora", "enabled"), ("dora", "disabled"), ("gina", "partner's")):
        world.things.append(Thing("user", state, PEOPLE[who].organization, world.person_id(who)))
    for who, state in (("ada", "own"), ("hank", "partner's")):
        name = world.canaries.word(f"a team of {who}'s", colleagues(PEOPLE[who].organization))
        team = world.players[who].call("POST", "/teams", json={"name": name}, expect=201)
        world.things.append(Thing("team", state, PEOPLE[who].organization, team["id"]))


def _invitations(world: World) -> None:
    """Let administrators have invited people: one waits, one invitation was taken back."""
    for who, state in (("ada", "open"), ("ada", "withdrawn"), ("hank", "partner's")):
        ours = PEOPLE[who].organization
        readers = administrators(ours)
        name = world.canaries.word(f"name of somebody whom {who} invited", readers)
        email = f"{world.canaries.word(f'address of somebody whom {who} invited', readers)}@{ours}.example"
        given = {"name": name, "email": email, "roles": ["seller"]}
        invited = world.players[who].call("POST", "/invitations", json=given, expect=201)
        if state == "withdrawn":
            world.players[who].call("POST", f"/invitations/{invited['id']}/withdraw", expect=200)
        world.things.append(Thing("invitation", state, ours, invited["id"]))


def _tokens(world: World) -> None:
    """Make every caller's token and cookie; then one token is revoked, and one person loses both."""
    world.browsers = people.sign_in(world.app, world.players)
    world.secrets = people.secrets(world.players, world.canaries)
    for who, caller, state in (
        ("dana", "dana without leads:write", "alive"),
        ("gina", "partner", "partner's"),
        ("dana", "revoked token", "revoked"),
    ):
        token_id = people.token_id(world.secrets[caller])
        world.things.append(Thing("token", state, PEOPLE[who].organization, token_id, owner=who))
    for who, state in (("dana", "own"), ("nora", "colleague's"), ("gina", "partner's")):
        session_id = world.players[who].call("GET", "/sessions", expect=200)["items"][0]["id"]
        world.things.append(Thing("session", state, PEOPLE[who].organization, session_id, owner=who))
    world.players["dana"].call("POST", f"/tokens/{world.one('token', 'revoked').id}/revoke", expect=200)
    path = f"/users/{world.one('user', 'disabled').id}"
    tag = world.players["ada"].response("GET", path).headers["ETag"]
    world.players["ada"].call("PATCH", path, json={"disabled": True}, if_match=tag, expect=200)


def _tags(world: World) -> None:
    """Note every version, as those who may change the thing read it, and something each company recorded."""
    readers = {"acme": "ada", "globex": "hank", "initech": "ines"}
    for who, state in (("ada", "own"), ("hank", "partner's")):
        noted = world.players[who].call("GET", "/activities", query_string={"verb": "lead.offered"}, expect=200)[
            "items"
        ]
        world.things.append(Thing("activity", state, PEOPLE[who].organization, noted[0]["id"]))
    for kind in ("account", "account-contact", "lead", "user", "partnership"):
        for thing in world.of(kind):
            player = world.players[thing.owner or readers[thing.organization]]
            world.tags[thing.id] = player.response("GET", f"/{kind}s/{thing.id}").headers["ETag"]
