"""Cards for tests: where they may be shown, asked for, and opened as a browser would in a frame."""

from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.cast import Player

CRM = "https://crm.acme.example"


def shown_at(admin: Player, *origins: str) -> Any:
    """Let an organization's cards be shown at these addresses alone."""
    tag = admin.response("GET", "/embedding").headers["ETag"]
    return admin.call("PATCH", "/embedding", json={"origins": list(origins)}, if_match=tag, expect=200)


def asked(player: Player, account_id: str, **given: str) -> str:
    """Ask for a card; return the path of its address."""
    made = player.call("POST", f"/accounts/{account_id}/card", json=given, expect=200)
    return urlsplit(made["address"]).path


def opened(player: Player, path: str) -> TestResponse:
    """Open an address as a browser nobody is signed in with."""
    return player.app.test_client().get(path)
