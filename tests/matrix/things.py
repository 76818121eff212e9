"""What the matrix' world consists of: things a request can name, people, and the canaries among them."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import Flask

from tests.cast import Player
from tests.matrix.canaries import Canaries
from tests.matrix.people import Browser


@dataclass(frozen=True)
class Thing:
    """Something a request can name: its kind and state, whose it is, and how its path is written."""

    kind: str
    state: str
    organization: str
    id: str
    owner: str | None = None
    other: str | None = None
    lives: bool = True
    place: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """Everything there is, and the canaries in it."""

    app: Flask
    canaries: Canaries
    organizations: dict[str, UUID]
    players: dict[str, Player]
    secrets: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    living: str = ""
    ended: str = ""

    def of(self, kind: str) -> list[Thing]:
        """Return every thing of this kind."""
        return [thing for thing in self.things if thing.kind == kind]

    def one(self, kind: str, state: str) -> Thing:
        """Return the thing of this kind in this state."""
        return next(thing for thing in self.of(kind) if thing.state == state)

    def person_id(self, who: str) -> str:
        """Return a person's id."""
        return str(self.players[who].actor.user_id)
