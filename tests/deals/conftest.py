"""What tests of registered deals stand on: the jobs that tell people."""

import pytest

from tests.factories.notices import Errands
from tests.servers import TestServer


@pytest.fixture
def errands(test_server: TestServer, database: str) -> Errands:
    """What is deferred from now on, to be done when the test says so."""
    return Errands(test_server, database)
