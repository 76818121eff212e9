"""A company of teams for tests about figures."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast
from tests.firm import Firm, firm, scene
from tests.servers import TestServer


@pytest.fixture
def made(application: Flask, peopled: tuple[str, Cast], test_server: TestServer) -> Iterator[Firm]:
    """A company of two teams: eight people who gave leads, and three."""
    with scene(application, peopled, test_server) as (cast, ask):
        yield firm(cast, ask, [8, 3], ["seller"], [1])
