"""Acme as a random company of teams, and work that changes hands in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from partnercrm.activity.looks import ADMINISTRATION
from partnercrm.identity import actions as identity
from partnercrm.identity.agreements import GROUP_MINIMUM
from partnercrm.identity.models import Team, User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions import exchanging, offering
from partnercrm.leads.actions.publishing import publish_figures
from partnercrm.partnerships import actions as partnerships
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.questions import questions
from tests.servers import TestServer

_numbers = count(1)


@dataclass
class Firm:
    """Acme, as a random company: its people by team, those who oversee it, and the partner's."""

    cast: Cast
    ask: Callable[[str], Any]
    month: str
    people: list[Player]
    teams: list[list[int]]
    team_ids: list[UUID]
    gone: set[int] = field(default_factory=set)

    def publish(self) -> None:
        """Publish the month as it stands now, forgetting that it was published."""
        self.ask("DELETE FROM team_figures")
        self.ask("DELETE FROM figure_months")
        actor = Actor.system(self.cast.dana.actor.organization_id)
        with db.transaction(actor):
            publish_figures(actor, self.month)

    def are_told_together(self, one: int, other: int) -> bool:
        """Tell whether two people are of one team now, or of two teams that are both too small to be told alone."""
        ids = ", ".join(f"'{self.people[place].actor.user_id}'" for place in (one, other))
        size = "(SELECT count(*) FROM users c WHERE c.team_id = u.team_id)"
        rows = self.ask(f"SELECT u.team_id, {size} FROM users u WHERE id IN ({ids})").fetchall()
        return len({team_id for team_id, _ in rows}) == 1 or all(size < GROUP_MINIMUM for _, size in rows)

    def exchange(self, one: int, other: int) -> None:
        """Let two people's work change hands, and nothing else."""
        ids = [str(self.people[place].actor.user_id) for place in (one, other)]
        self._swap("leads", "owner_id", *ids)
        for column in ("giver_member_id", "receiver_member_id"):
            members = "(SELECT id FROM partnership_members WHERE user_id = '{}')"
            self._swap("offers", column, *(members.format(user_id) for user_id in ids))
        done = f"split_part(verb, '.', 1) <> ALL ('{{{','.join(sorted(ADMINISTRATION))}}}')"
        self._swap("activities", "user_id", *ids, only=done)

    def _swap(self, table: str, column: str, one: str, other: str, only: str = "true") -> None:
        one, other = (value if value.startswith("(") else f"'{value}'::uuid" for value in (one, other))
        self.ask(
            f"UPDATE {table} SET {column} = CASE {column} WHEN {one} THEN {other} ELSE {one} END"
            f" WHERE {column} IN ({one}, {other}) AND {only}"
        )


def person(cast: Cast, team_id: UUID | None, *roles: str) -> Player:
    """Add somebody to Acme, a member of the partnership, without the slow first password."""
    system = Actor.system(cast.dana.actor.organization_id)
    number, user_id = next(_numbers), new_id()
    with db.transaction(system) as session:
        user = User(id=user_id, organization_id=system.organization_id, email=f"p{number}@acme.example")
        user.name, user.roles, user.team_id, user.created_at = f"P{number}", sorted(roles), team_id, clock.now()
        session.add(user)
    actor = Actor(system.organization_id, user_id, "", scopes=scopes_of(roles))
    with db.transaction(actor):
        secret = identity.make_token(actor, {"name": "test", "scopes": sorted(actor.scopes)})[1]
    with db.transaction(cast.dana.actor):
        partnerships.name_member(cast.dana.actor, cast.partnership_id, {"user_id": user_id, "role": "seller"})
    return Player(cast.app, user.email, secret)


def firm(cast: Cast, ask: Callable[[str], Any], sizes: list[int], roles: list[str], work: list[int]) -> Firm:
    """Make a company of these teams, whose people gave so many leads each; every second one was taken on."""
    system = Actor.system(cast.dana.actor.organization_id)
    team_ids = [new_id() for _ in sizes]
    with db.transaction(system) as session:
        session.add_all(
            Team(id=team_id, organization_id=system.organization_id, name=str(team_id)) for team_id in team_ids
        )
    people: list[Player] = []
    teams: list[list[int]] = []
    for team_id, size in zip(team_ids, sizes, strict=True):
        teams.append(list(range(len(people), len(people) + size)))
        people += [person(cast, team_id, roles[place % len(roles)]) for place in teams[-1]]
    for place, player in enumerate(people):
        actor = player.actor
        for _ in range(work[place % len(work)] if actor.has("leads:write") else 0):
            give(cast, actor, place)
    return Firm(cast, ask, clock.now().strftime("%Y-%m"), people, teams, team_ids)


def give(cast: Cast, actor: Actor, place: int) -> None:
    """Give the partner a lead, or take one on."""
    number = next(_numbers)
    lead = {"company_name": f"Company {number}", "need": f"Need {number % 3}"}
    other = cast.gina.actor
    giver, taker = (actor, other) if number % 3 else (other, actor)
    with db.transaction(giver):
        offered = offering.enter_and_offer_lead(giver, lead, {"partnership_id": cast.partnership_id})
    if number % 2:
        with db.transaction(taker):
            exchanging.accept_offer(taker, offered.id)


def every_question(firm: Firm, about: list[int]) -> list[str]:
    """Return whatever can be asked, of these people, their teams and their partnership."""
    ids = [str(firm.people[place].actor.user_id) for place in about]
    known = {
        "owner_id": ids,
        "user_id": ids[:1],
        "team_id": [str(team_id) for team_id in firm.team_ids],
        "partnership_id": [str(firm.cast.partnership_id)],
        "month": [firm.month],
        "verb": ["lead.entered", "lead.offered", "lead.accepted"],
        "need": ["Need 0", "Need 1"],
        "company": ["Company"],
        "connector": ["crm"],
    }
    return questions(known)


def answers(firm: Firm, player: Player, asked: list[str]) -> dict[str, Any]:
    """Return what a reader is told, or that it was refused."""
    found = {}
    for path in asked:
        response = player.response("GET", path)
        is_file = response.mimetype not in {"application/json", "application/problem+json"}
        told = response.text if is_file else response.json
        body = {name: told[name] for name in told if name not in {"as_of", "request_id"}} if not is_file else told
        found[path] = (response.status_code, response.headers.get("ETag"), body)
    return found


@contextmanager
def scene(application: Flask, peopled: tuple[str, Cast], server: TestServer) -> Iterator[tuple[Cast, Any]]:
    """Give a database of its own with the cast, and the superuser's hand in it."""
    name = server.copy(peopled[0])
    try:
        with (
            on_database(application, server.url("app", name)),
            psycopg.connect(server.admin(name), autocommit=True) as connection,
        ):
            connection.execute("SET session_replication_role = replica")
            yield peopled[1], connection.execute
    finally:
        server.drop(name)
