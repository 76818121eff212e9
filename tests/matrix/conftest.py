"""The matrix' world: built once per test process; what a request changes is changed in a copy of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask

from partnercrm.activity.jobs import seal
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.publishing import publish_figures
from tests.conftest import on_database
from tests.matrix import ids, importing
from tests.matrix.world import World, build
from tests.servers import TestServer

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
        ids.watch(made, test_server.admin(world_database))
    with on_database(application, test_server.url("worker", world_database)):
        seal()
        for organization_id in made.organizations.values():
            with db.transaction(Actor.system(organization_id)):
                publish_figures(Actor.system(organization_id), "2020-01")
    return made


@pytest.fixture
def world(application: Flask, built: World, world_database: str, test_server: TestServer) -> Iterator[World]:
    """The world, with the application working on its database."""
    with on_database(application, test_server.url("app", world_database)):
        yield built


@pytest.fixture
def scratch(application: Flask, world: World, world_database: str, test_server: TestServer) -> Scratch:
    """A way to let the application work on a copy of the world for a while; it gives the copy's name."""

    @contextmanager
    def copied() -> Iterator[str]:
        from partnercrm.kernel.db import db

        db.engine.dispose()
        name = test_server.copy(world_database)
        try:
            with on_database(application, test_server.url("app", name)):
                yield name
        finally:
            test_server.drop(name)

    return copied
