"""What would have been mailed: the queue is worked off as the worker does, and each message is taken out once."""

import re
from email.message import EmailMessage

from flask import Flask

from partnercrm.kernel import jobs
from partnercrm.kernel.mail import Mailbox
from partnercrm.kernel.roles import plain
from tests.conftest import on_database


class Post:
    """The mails of one test, which leave when somebody looks for them."""

    def __init__(self, app: Flask, box: Mailbox, worker_url: str) -> None:
        self._app, self._box, self._worker_url = app, box, worker_url

    def work(self) -> None:
        """Do everything that is due, and what that defers: a worker that does not wait stops before."""
        with on_database(self._app, self._worker_url):
            for _ in range(2):
                jobs.work(plain(self._worker_url), wait=False)

    def to(self, address: str) -> list[EmailMessage]:
        """Return what is mailed to the address since the last time."""
        self.work()
        found = {name: message for name, message in self._box.messages().items() if message["To"] == address}
        for name in found:
            (self._box.folder / f"{name}.eml").unlink()
        return list(found.values())

    def link(self, address: str) -> str:
        """Return the one link, as a path, in the one mail to the address; text and HTML hold the same."""
        (message,) = self.to(address)
        (link,) = _links(message, "plain")
        assert _links(message, "html") == {link}
        return link


def _links(message: EmailMessage, kind: str) -> set[str]:
    body = message.get_body((kind,))
    assert body is not None
    return set(re.findall(r'https?://[^/\s]+(/[^\s"]+)', body.get_content()))
