"""Players who call a server that runs as a process of its own."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import requests

from tests.cast import Cast, Player

FILE = "file"


@dataclass
class Remote(Player):
    """A person with a token, who calls the API where it is served."""

    address: str = ""

    def response(
        self, method: str, path: str, *, if_match: str | None = None, key: str | None = None, **options: Any
    ) -> Any:
        """Call the API below the address; return what was answered, as the test client would."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        headers |= {name: value for name, value in (("If-Match", if_match), ("Idempotency-Key", key)) if value}
        sent = options.pop("data", {})
        if kind := options.pop("content_type", None):
            headers["Content-Type"] = kind
        if isinstance(sent, dict) and FILE in sent:
            sent = dict(sent)
            content, name = sent.pop(FILE)
            options["files"] = {FILE: (name, content)}
        query = options.pop("query_string", None)
        answer = requests.request(
            method, f"{self.address}{path}", headers=headers, params=query, data=sent, timeout=60, **options
        )
        found = {"status_code": answer.status_code, "data": answer.content, "text": answer.text}
        return SimpleNamespace(**found, headers=answer.headers)


def at(player: Player, address: str) -> Remote:
    """Return the same person, calling the API at `address`."""
    return Remote(player.app, player.email, player.token, address)


def cast_at(cast: Cast, address: str) -> Cast:
    """Return the cast, each calling the API at `address`."""
    names = ("dana", "sam", "nora", "ada", "hank", "gina", "ines")
    return replace(cast, **{name: at(getattr(cast, name), address) for name in names})
