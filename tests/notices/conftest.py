"""What tests of notices stand on: the jobs of their database, and a mail server of their own."""

from collections.abc import Iterator

import pytest

from partnercrm.kernel import mail
from partnercrm.kernel.mail import Relay
from tests.factories.notices import Errands
from tests.post import PostOffice, post_office
from tests.servers import TestServer


@pytest.fixture
def errands(test_server: TestServer, database: str) -> Errands:
    """What is deferred from now on, to be done when the test says so."""
    found = Errands(test_server, database)
    found.take()
    return found


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A mail server that takes what is sent."""
    with post_office() as found:
        relay = Relay("127.0.0.1", found.port, "none", "partnercrm <no-reply@partners.example>")
        monkeypatch.setattr(mail, "_way", relay)
        yield found
