"""What every test stands on: one server and one template per process, one application, a database per test."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask
from sqlalchemy import Dialect, Engine, create_engine, event, make_url

from partnercrm.identity import passwords
from partnercrm.kernel import migrations
from partnercrm.settings import ROOT, settings
from tests.cast import Cast
from tests.servers import TestServer, server
from tests.shelves import Shelf

# A shared machine may be slow at any one example.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


# Begun first, longest first: the short ones then fill up both ends.
LONGEST = ("test_schemathesis.py", "test_demo.py", "test_looks.py", "test_kill.py", "test_importing.py", "test_run.py")
SHOWN_FILES = 25
# What these run is run elsewhere, too; measured again, it takes a third longer.
UNMEASURED = frozenset({"browser", "matrix"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it while the others are done."""
    for item in items:
        if item.path.parent.name in UNMEASURED:
            item.add_marker(pytest.mark.no_cover)
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture(scope="session")
def test_server() -> Iterator[TestServer]:
    """The server of this test process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with server(worker) as found:
        yield found


@pytest.fixture(scope="session")
def template(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database to copy from; the environment names its roles."""
    name = f"{test_server.prefix}_template"
    test_server.prepare(name)
    os.environ["PARTNERCRM_CONFIG"] = str(ROOT / "config" / "test.toml")
    os.environ["PARTNERCRM_MAILBOX_DIRECTORY"] = str(tmp_path_factory.mktemp("mailbox"))
    os.environ["PARTNERCRM_FILES_DIRECTORY"] = str(tmp_path_factory.mktemp("files"))
    os.environ["PARTNERCRM_ROLE_PREFIX"] = test_server.prefix
    os.environ["DATABASE_URL"] = test_server.url("app", name)
    os.environ["PARTNERCRM_WORKER_DATABASE_URL"] = test_server.url("worker", name)
    os.environ["PARTNERCRM_OWNER_DATABASE_URL"] = test_server.url("owner", name)
    settings.cache_clear()
    yield name
    test_server.drop(name)


@pytest.fixture(scope="session")
def application(template: str) -> Iterator[Flask]:
    """The application, made once per test process; its database is exchanged for every test."""
    from partnercrm.app import create_app

    passwords.hasher = PasswordHasher.from_parameters(CHEAPEST)
    migrations.upgrade(ROOT / "migrations", str(settings().owner_database_url))
    app = create_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture(scope="session")
def peopled(application: Flask, template: str, test_server: TestServer) -> Iterator[tuple[str, Cast]]:
    """A database in which the cast stands ready, and the cast."""
    name = test_server.copy(template)
    with on_database(application, test_server.url("app", name)):
        cast = Cast.partners(application)
    yield name, cast
    test_server.drop(name)


@pytest.fixture(scope="session")
def shelf(peopled: tuple[str, Cast], test_server: TestServer) -> Iterator[Shelf]:
    """Databases with the cast in them, each for one test at a time."""
    kept = Shelf.beside(test_server, peopled[0])
    yield kept
    kept.clear()


@pytest.fixture
def database(shelf: Shelf) -> Iterator[str]:
    """A database of this test's own, with the cast in it; its name."""
    name = shelf.take()
    yield name
    shelf.put_back(name)


@pytest.fixture
def app(application: Flask, database: str, test_server: TestServer) -> Iterator[Flask]:
    """The application on this test's own database, in an application context."""
    with on_database(application, test_server.url("app", database)):
        yield application


@pytest.fixture
def cast(app: Flask, peopled: tuple[str, Cast]) -> Cast:
    """Acme and Globex, who are partners, and Initech, a stranger."""
    return peopled[1]


_SPARE: list[Engine] = []


@contextmanager
def on_database(application: Flask, url: str) -> Iterator[None]:
    """Let the application work on the database at `url`; an engine serves test after test and keeps its statements."""
    from partnercrm.kernel.connections import ENGINE
    from partnercrm.kernel.db import db

    engine = _SPARE.pop() if _SPARE else create_engine(url, pool_size=10, max_overflow=20, **ENGINE)

    def there(dialect: Dialect, _record: object, _args: object, parameters: dict[str, object]) -> None:
        parameters.clear()
        parameters.update(dialect.create_connect_args(make_url(url))[1])

    event.listen(engine, "do_connect", there)
    with application.app_context():
        before = db.engines[None]
        db.engines[None] = engine
        try:
            yield
        finally:
            db.engines[None] = before
            engine.dispose()
            event.remove(engine, "do_connect", there)
            _SPARE.append(engine)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was counted, every number that tests recorded, summed by its name; and which files took longest."""
    counted: Counter[str] = Counter()
    took: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if not isinstance(report, pytest.TestReport):
                continue
            took[report.location[0]] += report.duration
            if report.when == "call":
                counted.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    for name, total in sorted(counted.items()):
        terminalreporter.write_line(f"{name}: {total:,}")
    for file, seconds in took.most_common(SHOWN_FILES):
        terminalreporter.write_line(f"{seconds:6.0f} s in {file}")
