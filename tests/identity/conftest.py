"""Where mails go in these tests."""

from pathlib import Path

import pytest
from flask import Flask

from partnercrm.kernel import mail
from partnercrm.kernel.mail import Mailbox
from tests.mailbox import Post
from tests.servers import TestServer


@pytest.fixture
def post(app: Flask, database: str, test_server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    """A mailbox of this test's own."""
    box = Mailbox(tmp_path, "partnercrm <no-reply@partnercrm.example>")
    monkeypatch.setattr(mail, "_way", box)
    return Post(app, box, test_server.url("worker", database))
