"""The players: Acme and Globex are partners, Initech is a stranger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask

from partnercrm.identity import actions as identity
from partnercrm.identity import queries
from partnercrm.identity.authenticator import Recognition
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id

PASSWORD = "correct horse battery"


@dataclass
class Player:
    """A person with a token, who calls the API or lends an actor to an action."""

    app: Flask
    email: str
    token: str

    @property
    def actor(self) -> Actor:
        """The player as the application would recognise it now, memberships included."""
        found = Recognition().by_token(self.token)
        assert found is not None, f"{self.email}'s token is dead"
        return found

    def call(self, method: str, path: str, *, expect: int | None = None, **options: Any) -> Any:
        """Call the API under /api/v1; return the parsed answer. `if_match`, `key` become headers."""
        response = self.response(method, path, **options)
        assert expect is None or response.status_code == expect, (
            f"{method} {path}: {response.status_code} instead of {expect}: {response.text[:2000]}"
        )
        return json.loads(response.data) if response.data else None

    def response(
        self, method: str, path: str, *, if_match: str | None = None, key: str | None = None, **options: Any
    ) -> Any:
        """Call the API under /api/v1; return the response itself."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if if_match is not None:
            headers["If-Match"] = if_match
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **options)


@dataclass
class Cast:
    """Everybody. `dana` runs Acme's partnerships, `sam` and `nora` sell (nora is no member), `ada` administrates."""

    app: Flask
    dana: Player
    sam: Player
    nora: Player
    ada: Player
    hank: Player
    gina: Player
    ines: Player
    partnership_id: UUID

    @classmethod
    def partners(cls, app: Flask) -> Cast:
        """Found the three companies and make Acme and Globex partners."""
        acme, globex, initech = (organization(name) for name in ("Acme", "Globex", "Initech"))
        dana = person(app, acme, "Dana", "dana@acme.example", "partner_manager")
        sam = person(app, acme, "Sam", "sam@acme.example", "seller")
        nora = person(app, acme, "Nora", "nora@acme.example", "seller")
        ada = person(app, acme, "Ada", "ada@acme.example", "admin")
        hank = person(app, globex, "Hank", "hank@globex.example", "partner_manager")
        gina = person(app, globex, "Gina", "gina@globex.example", "seller")
        ines = person(app, initech, "Ines", "ines@initech.example", "partner_manager", "admin")
        partnership_id = partnership(dana, hank, value_disclosure="exact")
        for manager, member in ((dana, sam), (hank, gina)):
            manager.call(
                "POST",
                f"/partnerships/{partnership_id}/members",
                json={"user_id": str(member.actor.user_id), "role": "seller"},
                expect=201,
            )
        return cls(app, dana, sam, nora, ada, hank, gina, ines, partnership_id)


def organization(name: str) -> UUID:
    """Found an organization, whose people's addresses end in `<first word>.example`; return its id."""
    actor = Actor.system(new_id())
    with db.transaction(actor):
        identity.found_organization(actor, name, [f"{name.split(maxsplit=1)[0].lower()}.example"])
    return actor.organization_id


def person(app: Flask, organization_id: UUID, name: str, email: str, *roles: str) -> Player:
    """Add a person with these roles and a token that may do all they may."""
    from partnercrm.identity.scopes import scopes_of

    system = Actor.system(organization_id)
    with db.transaction(system):
        user = identity.add_user(system, {"name": name, "email": email, "roles": roles, "password": PASSWORD})
        user_id = queries.user(system, user.id).id
    actor = Actor(organization_id, user_id, name, scopes=scopes_of(roles))
    with db.transaction(actor):
        _, secret = identity.make_token(actor, {"name": "test", "scopes": sorted(actor.scopes)})
    return Player(app, email, secret)


def partnership(proposer: Player, addressee: Player, **terms: Any) -> UUID:
    """Let two managers agree on a partnership; return its id."""
    proposal = {"addressee": addressee.email, "terms": terms}
    proposer.call("POST", "/proposals", json=proposal, expect=201)
    received = addressee.call("GET", "/received-proposals", expect=200)["items"][0]
    begun = addressee.call("POST", f"/received-proposals/{received['id']}/accept", expect=201)
    return UUID(begun["id"])
