"""The matrix' world: built once per test process; what a request changes is changed in a copy of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import pytest
from flask import Flask

from partnercrm.activity.jobs import seal
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.publishing import publish_figures
from partnercrm.leads.figures import Figure
from partnercrm.leads.models import TeamFigure
from tests.conftest import on_database
from tests.matrix import comparing, ids, importing, keeping
from tests.matrix.people import PEOPLE, colleagues
from tests.matrix.world import World, build
from tests.servers import TestServer
from tests.shelves import Shelf

Scratch = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def world_database(test_server: TestServer, template: str, application: Flask) -> Iterator[str]:
    """The name of the world's database."""
    name = test_server.copy(template)
    yield name
    test_server.drop(name)


@pytest.fixture(scope="session")
def built(application: Flask, world_database: str, test_server: TestServer) -> World:
    """The world, made once."""
    with on_database(application, test_server.url("app", world_database)):
        made = build(application)
        importing.bring_in(made)
        keeping.show_cards(made)
    with on_database(application, test_server.url("worker", world_database)):
        comparing.compare(made)
        ids.watch(made, test_server.admin(world_database))
        seal()
        for organization_id in made.organizations.values():
            with db.transaction(Actor.system(organization_id)):
                publish_figures(Actor.system(organization_id), "2020-01")
        with db.transaction(Actor.system(made.organizations["acme"])):
            db.session().add(_group(made))
    return made


def _group(world: World) -> TeamFigure:
    """Return a figure of a group of Acme's teams; of this world's few people no month has one."""
    readers = [who for who in colleagues("acme") if "leads:all" in PEOPLE[who].scopes]
    amount = world.canaries.amount("figure of Acme's teams", readers)
    return TeamFigure(
        organization_id=world.organizations["acme"],
        month="2020-01",
        measure=Figure.GIVEN,
        place=0,
        team_ids=[UUID(world.one("team", "own").id)],
        with_teamless=False,
        amount=int(amount.partition(".")[0]),
    )


@pytest.fixture
def world(application: Flask, built: World, world_database: str, test_server: TestServer) -> Iterator[World]:
    """The world, with the application working on its database."""
    with on_database(application, test_server.url("app", world_database)):
        yield built


@pytest.fixture(scope="session")
def world_shelf(built: World, world_database: str, test_server: TestServer) -> Iterator[Shelf]:
    """Copies of the world."""
    kept = Shelf.beside(test_server, world_database)
    yield kept
    kept.clear()


@pytest.fixture
def scratch(application: Flask, world: World, world_shelf: Shelf, test_server: TestServer) -> Scratch:
    """A way to let the application work on a copy of the world for a while; it gives the copy's name."""

    @contextmanager
    def copied() -> Iterator[str]:
        name = world_shelf.take()
        try:
            with on_database(application, test_server.url("app", name)):
                yield name
        finally:
            world_shelf.put_back(name)

    return copied
