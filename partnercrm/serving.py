"""Running an installation's parts together: the demo, one's own on an embedded server, or the web server alone.

The application is imported while the parts start, which would wait for it otherwise.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.request import urlopen

import click

from partnercrm import installation
from partnercrm.installation import Kind
from partnercrm.kernel.processes import free_port, run_together
from partnercrm.settings import ROOT, adopt, settings

if TYPE_CHECKING:
    from flask import Flask

_WEB_SERVER: Final = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py")]
_WORKER: Final = [sys.executable, "-m", "partnercrm", "worker"]
_START_SECONDS: Final = 30.0


def run_demo(port: int | None) -> int:
    """Run the demo, made first where it is not there yet; return the exit status. Raises EmbeddedServerError."""
    return _run_embedded(Kind.DEMO, _fill, _greet, port)


def run_own() -> int:
    """Run an installation of one's own, empty at first; return the exit status. Raises EmbeddedServerError."""
    return _run_embedded(Kind.LOCAL, _nothing, _greet_owner)


def run_web_server(app: "Flask") -> int:
    """Run the web server alone, on the configured database; return the exit status."""
    address = f"http://{settings().host}:{settings().port}"

    def greet(all_run: Callable[[], bool]) -> None:
        click.echo(f"Serving at {address}.", err=True)
        _tell_how_to_begin(app, address)

    return run_together({"web server": _WEB_SERVER}, greet)


def _run_embedded(
    wanted: Kind, fill: Callable[[], None], greet: Callable[[Callable[[], bool]], None], port: int | None = None
) -> int:
    """Run the folder's installation, database server, web server and job worker together, on this machine only."""
    with installation.running() as server, installation.alone() as tell:
        installation.ensure(server, wanted, fill, click.echo)
        first = port or settings().port
        chosen = free_port(first)
        if chosen != first:
            click.echo(f"Port {first} is taken; using {chosen}.")
        adopt({"PARTNERCRM_PORT": str(chosen)})
        tell(f"http://127.0.0.1:{chosen}")
        alongside = {"database server": server.process} if server.process else None
        # On a small machine the pages come first.
        worker = {"job worker": ["nice", "-n", "10", *_WORKER]}
        return run_together({"web server": _WEB_SERVER}, greet, alongside=alongside, afterwards=worker)


def _fill() -> None:
    from partnercrm.app import create_app
    from partnercrm.demo import losing, night, rates, story
    from partnercrm.kernel import clock
    from partnercrm.kernel.db import db

    with create_app().app_context():
        world = story.tell()
        db.engine.dispose()
    with create_app("worker").app_context():
        rates.enter()
        night.tell()
        night.compare()
        night.follow()
        db.engine.dispose()
    with create_app().app_context():
        losing.lose(world, clock.now())
        db.engine.dispose()


def _greet(all_run: Callable[[], bool]) -> None:
    from partnercrm.app import create_app
    from partnercrm.demo import welcome

    with create_app().app_context():
        token = welcome.fresh_token()
    address = f"http://127.0.0.1:{settings().port}"
    _await(address, all_run)
    if all_run():
        click.echo(welcome.greeting(address, token))


def _nothing() -> None:
    """Leave a new installation empty."""


def _greet_owner(all_run: Callable[[], bool]) -> None:
    from partnercrm.app import create_app

    address = f"http://127.0.0.1:{settings().port}"
    _await(address, all_run)
    if all_run():
        click.echo(
            f"No database is configured: serving at {address} on a server of our own in {installation.folder()}."
        )
        _tell_how_to_begin(create_app(), address)
        click.echo("Ctrl-C stops everything; the data stay.")


def _await(address: str, all_run: Callable[[], bool]) -> None:
    """Wait until the web server answers; that it never does shows in its own last words."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and all_run():
        with suppress(OSError), urlopen(f"{address}/healthz", timeout=10):  # noqa: S310 - ours
            return
        time.sleep(0.02)


def _tell_how_to_begin(app: "Flask", address: str) -> None:
    """Print the set-up code where nothing is set up yet; a database that cannot be asked is no reason not to serve."""
    from sqlalchemy.exc import SQLAlchemyError

    from partnercrm.identity.actions import waiting_code

    with app.app_context(), suppress(SQLAlchemyError):
        if code := waiting_code():
            click.echo(f"Nobody is here yet. Open {address}/set-up with the code {code}", err=True)
