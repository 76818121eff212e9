"""Who calls: everybody who might, from a member of the partnership to a token that died."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Flask

from partnercrm.identity import actions as identity
from partnercrm.identity.authenticator import Recognition
from partnercrm.identity.scopes import ALL_SCOPES, scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor, Asked, any_of
from tests import cast
from tests.cast import Player
from tests.matrix.canaries import Canaries
from tests.surfer import Surfer

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
PARTNERS: Final = {
    "acme": {"globex", "hooli"},
    "globex": {"acme"},
    "hooli": {"acme", "initech"},
    "initech": {"hooli"},
    "tyrell": set(),
}
# Whom a third organization's moderator reads of, and who reads of it: by organization, the people of others.
THIRDS: Final = {"acme": ("mona",), "globex": ("mona",), "tyrell": ("dana", "sam", "hank", "gina")}


@dataclass(frozen=True)
class Person:
    """Somebody of an organization; `known_to` are the organizations that read the name, as a member's or proposer's."""

    name: str
    organization: str
    roles: tuple[str, ...]
    known_to: frozenset[str] = frozenset()

    @property
    def scopes(self) -> frozenset[str]:
        return scopes_of(self.roles)


def _person(name: str, organization: str, roles: str, known_to: str = "") -> tuple[str, Person]:
    return name, Person(name, organization, tuple(roles.split()), frozenset(known_to.split()))


PEOPLE: Final = dict(
    (
        _person("dana", "acme", "partner_manager", known_to="globex hooli"),
        _person("sam", "acme", "seller", known_to="globex"),
        _person("nora", "acme", "seller"),
        _person("ada", "acme", "admin"),
        _person("dora", "acme", "partner_manager admin"),
        _person("hank", "globex", "partner_manager admin", known_to="acme"),
        _person("gina", "globex", "seller", known_to="acme"),
        _person("otto", "globex", "seller"),
        _person("hugo", "hooli", "partner_manager admin", known_to="acme initech"),
        _person("ines", "initech", "partner_manager admin", known_to="hooli"),
        _person("mona", "tyrell", "executive"),
        _person("milo", "tyrell", "partner_manager admin"),
    )
)
MEMBERS: Final = ("dana", "sam", "hank", "gina")


@dataclass(frozen=True)
class Caller:
    """One column of the matrix: a person behind a credential, or nobody."""

    name: str
    person: Person | None = None
    scopes: frozenset[str] = frozenset()
    is_alive: bool = True

    @property
    def organization(self) -> str | None:
        return self.person.organization if self.person else None


def _caller(name: str, who: str, *, is_alive: bool = True) -> Caller:
    return Caller(name, PEOPLE[who], PEOPLE[who].scopes, is_alive)


OWN_MANAGER: Final = _caller("own manager", "dana")
CALLERS: Final = (
    Caller("anonymous", is_alive=False),
    _caller("stranger", "ines"),
    _caller("partner", "gina"),
    _caller("partner's manager", "hank"),
    _caller("partner's non-member", "otto"),
    _caller("own seller", "sam"),
    _caller("own seller, no member", "nora"),
    _caller("own admin", "ada"),
    OWN_MANAGER,
    _caller("moderator", "mona"),
    _caller("moderator's colleague", "milo"),
    _caller("revoked token", "dana", is_alive=False),
    _caller("expired token", "dana", is_alive=False),
    _caller("disabled user's token", "dora", is_alive=False),
)

VISITORS: Final = (
    *(caller for caller in CALLERS if caller.is_alive or caller.person is None),
    _caller("signed out", "dana", is_alive=False),
    _caller("disabled user", "dora", is_alive=False),
)


def without(scope: str) -> Caller:
    """Return our own manager's token that may do everything but this."""
    return replace(OWN_MANAGER, name=f"dana without {scope}", scopes=OWN_MANAGER.scopes - {scope})


def narrower() -> Iterator[Caller]:
    """Yield, when everything is proved, tokens of everybody's that lack one scope or have a single one."""
    for who, person in PEOPLE.items():
        for scope in sorted(person.scopes) if PROVE and who != "dora" else ():
            yield Caller(f"{who} without {scope}", person, person.scopes - {scope})
            yield Caller(f"{who} with only {scope}", person, frozenset({scope}))


def callers(asked: Asked) -> list[Caller]:
    """Return everybody who tries an operation of this scope, or of any of these."""
    lacking = [without(scope) for scope in any_of(asked) or ("leads:read",)]
    found = {caller.name: caller for caller in (*CALLERS, *lacking, *narrower())}
    return list(found.values())


def colleagues(organization: str) -> list[str]:
    """Return who works there."""
    return [person.name for person in PEOPLE.values() if person.organization == organization]


def administrators(organization: str) -> list[str]:
    """Return who reads the audit trail and everybody's tokens there."""
    return [who for who in colleagues(organization) if "admin" in PEOPLE[who].roles]


def found_organizations(canaries: Canaries) -> dict[str, UUID]:
    """Found the organizations; only they and their partners know their names."""
    return {
        name: cast.organization(
            f"{name} "
            + canaries.word(
                f"name of {name}",
                [*THIRDS.get(name, ()), *(who for other in {name} | known for who in colleagues(other))],
            )
        )
        for name, known in PARTNERS.items()
    }


def let_in(app: Flask, organizations: dict[str, UUID], canaries: Canaries) -> dict[str, Player]:
    """Add everybody, under a name and a mail address that only those read who should."""
    players = {}
    for who, person in PEOPLE.items():
        ours = colleagues(person.organization)
        known = [other for place in person.known_to for other in colleagues(place)]
        name = f"{who} {canaries.word(f'name of {who}', [*ours, *known])}"
        email = f"{canaries.word(f'address of {who}', ours)}@{person.organization}.example"
        players[who] = cast.person(app, organizations[person.organization], name, email, *person.roles)
    return players


def secrets(players: dict[str, Player], canaries: Canaries) -> dict[str, str]:
    """Make every caller's token, the dying ones among them; return them by caller."""
    made = {caller.name: players[caller.person.name].token for caller in CALLERS if caller.person}
    manager = players["dana"].actor
    for caller in (*map(without, sorted(ALL_SCOPES)), *narrower()):
        if caller.person:
            who = caller.person.name
            made[caller.name] = token(players[who].actor, who, canaries, caller.scopes)
    made["revoked token"] = token(manager, "dana", canaries, manager.scopes)
    with clock.at(clock.now() - timedelta(days=30)):
        made["expired token"] = token(manager, "dana", canaries, manager.scopes, days=1)
    return made


@dataclass(frozen=True)
class Browser:
    """What a visitor's browser holds: the cookie, and the token that forms carry."""

    cookie: str
    csrf_token: str


def sign_in(app: Flask, players: dict[str, Player]) -> dict[str, Browser]:
    """Let everybody sign in with a browser; one signs out again, and keeps a copy of the cookie."""
    browsers = {"anonymous": _browser(Surfer(app), "/sign-in")}
    for visitor in VISITORS:
        if visitor.person:
            surfer = Surfer.signed_in(app, players[visitor.person.name].email)
            browsers[visitor.name] = _browser(surfer, "/")
            if visitor.name == "signed out":
                surfer.send("/sign-out", {}, shown_on="/")
    return browsers


def _browser(surfer: Surfer, page: str) -> Browser:
    token = surfer.hidden(page)["csrf_token"]
    cookie = surfer._client.get_cookie("partnercrm")
    assert cookie is not None
    return Browser(cookie.value, token)


def token(actor: Actor, who: str, canaries: Canaries, scopes: frozenset[str], days: int = 90) -> str:
    """Make a token whose name only its maker and the administrators of the organization may read."""
    readers = [who, *administrators(PEOPLE[who].organization)]
    given = {"name": canaries.word(f"name of a token of {who}", readers), "scopes": sorted(scopes), "days": days}
    with db.transaction(actor):
        return identity.make_token(actor, given)[1]


def token_id(secret: str) -> str:
    """Return the id of a living token."""
    found = Recognition().by_token(secret)
    assert found is not None
    return str(found.token_id)
