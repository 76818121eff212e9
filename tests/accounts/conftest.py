"""Both sides' accounts, and the worker that compares them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from tests.cast import Cast
from tests.factories import mapping
from tests.servers import TestServer

Run = Callable[..., None]


@pytest.fixture
def run(app: Flask, cast: Cast, test_server: TestServer, database: str) -> Run:
    """Run an epoch as the worker."""

    def ran(at: datetime | None = None) -> None:
        mapping.run(app, test_server, database, cast, at)

    return ran


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """Both have four companies in common, and each has others."""
    mapping.accounts(cast.sam, [*mapping.BOTH, "Acme's own"], city="Graz", industry="Retail")
    mapping.accounts(cast.gina, [*mapping.BOTH, "Globex's own"], city="Wien")
    return cast
