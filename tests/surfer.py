"""Somebody with a browser but no screen: fills in the forms of pages in the same process."""

import re
from contextvars import Context
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD


class Surfer:
    """A visitor with cookies; every request runs in a context of its own, as on a server."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    @classmethod
    def signed_in(cls, app: Flask, email: str) -> "Surfer":
        """Return a visitor who has signed in."""
        surfer = cls(app)
        answer = surfer.send("/sign-in", {"email": email, "password": PASSWORD}, shown_on="/sign-in")
        assert answer.status_code == 303, answer.text
        return surfer

    def open(self, path: str) -> TestResponse:
        """Look at a page."""
        return Context().run(self._client.get, path)

    def hidden(self, path: str) -> dict[str, str]:
        """Return what a form on the page carries unseen."""
        found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.open(path).text))
        return {name: found[name] for name in ("csrf_token", "form_key")}

    def send(self, path: str, values: dict[str, Any], *, shown_on: str) -> TestResponse:
        """Send a form as the page that shows it would."""
        return self.post(path, self.hidden(shown_on) | values)

    def post(
        self,
        path: str,
        values: dict[str, Any] | bytes,
        *,
        content_type: str | None = None,
        origin: str = "http://localhost",
    ) -> TestResponse:
        """Send exactly these values, from a page of ours unless another `origin` is named."""
        headers = {"Origin": origin}
        return Context().run(lambda: self._client.post(path, data=values, content_type=content_type, headers=headers))
