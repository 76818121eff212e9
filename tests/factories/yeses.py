"""Mutual yes for tests: said by somebody about an account with a partner."""

from typing import Any
from uuid import UUID

from flask import Flask

from tests.cast import Cast, Player
from tests.factories import mapping
from tests.servers import TestServer


def said(player: Player, account_id: str, partnership_id: UUID | str, **given: Any) -> Any:
    """Say that somebody would talk about an account."""
    body = {"partnership_id": str(partnership_id), **given}
    return player.call("POST", f"/accounts/{account_id}/yeses", json=body, expect=201)


def openings(player: Player) -> list[dict[str, Any]]:
    """Return what somebody's yeses opened."""
    items: list[dict[str, Any]] = player.call("GET", "/openings", expect=200)["items"]
    return items


def standing(player: Player) -> list[dict[str, Any]]:
    """Return what somebody said."""
    items: list[dict[str, Any]] = player.call("GET", "/yeses", expect=200)["items"]
    return items


def opened(app: Flask, server: TestServer, database: str, cast: Cast, name: str) -> dict[str, Any]:
    """Let both sides' managers say yes of a company that an epoch told of; return the opening as Dana reads it."""
    ours, theirs = (
        mapping.account(player, name, web_domains=["opened.com"])["id"] for player in (cast.dana, cast.hank)
    )
    mapping.agreed(cast, "overlaps")
    mapping.run(app, server, database, cast)
    for player, account_id in ((cast.dana, ours), (cast.hank, theirs)):
        said(player, account_id, cast.partnership_id, reach=name[:200])
    return openings(cast.dana)[0]
