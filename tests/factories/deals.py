"""Registered deals for tests."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from partnercrm.kernel import clock
from tests.cast import Cast, Player


def deal(partnership_id: UUID | str, company: str = "Northwind", **given: Any) -> dict[str, Any]:
    """Return a deal to register."""
    return {
        "partnership_id": str(partnership_id),
        "account": {"name": company, "domain": f"{company.lower()}.example"},
        "value": {"amount": "120000.00", "currency": "EUR"},
        "close_on": (clock.now() + timedelta(days=60)).date().isoformat(),
        "asks": "A reference call.",
        "involvement": "co_sell",
        **given,
    }


def step(happened_at: datetime, kind: str = "meeting_held") -> dict[str, Any]:
    """Return a logged step."""
    return {"kind": kind, "happened_at": happened_at.isoformat()}


def ago(days: float) -> datetime:
    """Return a moment some days ago."""
    return clock.now() - timedelta(days=days)


def register(player: Player, partnership_id: UUID | str, *steps: datetime, **given: Any) -> dict[str, Any]:
    """Register a deal that rests on meetings at these moments."""
    body = deal(partnership_id, evidence=[step(one) for one in steps], **given)
    made: dict[str, Any] = player.call("POST", "/registrations", json=body, expect=201)
    return made


def go(player: Player, made: dict[str, Any], verb: str, *, expect: int = 200, **given: Any) -> dict[str, Any]:
    """Take a step of a registration."""
    options = {"json": given} if verb in {"ask", "resubmit", "approve", "reject", "extend", "appeal"} else {}
    told: dict[str, Any] = player.call("POST", f"/registrations/{made['id']}/{verb}", expect=expect, **options)
    return told


def asked(cast: Cast, company: str) -> dict[str, Any]:
    """Let Globex ask for everything that can be asked about a deal that Acme's manager registered."""
    account = {"name": company, "domain": "asked.example"}
    made = register(cast.dana, cast.partnership_id, account=account)
    return go(cast.hank, made, "ask", asked_fields=["value", "close_on", "asks", "involvement"], note="All of it.")


def conflict(cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let Globex register what Acme has, by an earlier step; return what is Acme's and what is Globex's now."""
    ours = register(cast.sam, cast.partnership_id, ago(5))
    theirs = register(cast.gina, cast.partnership_id, ago(9))
    return cast.sam.call("GET", f"/registrations/{ours['id']}", expect=200), theirs


def opened(cast: Cast, player: Player, **given: Any) -> dict[str, Any]:
    """Let the other side approve what a player registers; return the deal as the player reads it, with its tag."""
    made = register(player, cast.partnership_id, **given)
    manager = cast.hank if player.actor.organization_id == cast.dana.actor.organization_id else cast.dana
    go(manager, made, "approve")
    found = player.call("GET", "/deals?sort=-happened_at&limit=1", expect=200)["items"][0]
    return read(player, found)


def read(player: Player, made: dict[str, Any]) -> dict[str, Any]:
    """Return a deal as a player reads it now, with its tag."""
    response = player.response("GET", f"/deals/{made['id']}")
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json | {"tag": response.headers["ETag"]}
    return told


def move(player: Player, made: dict[str, Any], stage: str, *, expect: int = 200, **given: Any) -> dict[str, Any]:
    """Move a deal to a stage, from where it was read; a lost one is too dear if nothing else is said."""
    usual = {"reason": "price"} if stage == "closed_lost" else {}
    return _changed(player, "POST", made, "/move", expect, json={"stage": stage} | usual | given)


def change(player: Player, made: dict[str, Any], *, expect: int = 200, **given: Any) -> dict[str, Any]:
    """Change what both read of a deal."""
    return _changed(player, "PATCH", made, "", expect, json=given)


def undo(player: Player, made: dict[str, Any], *, expect: int = 200) -> dict[str, Any]:
    """Undo the last change of a deal."""
    return _changed(player, "POST", made, "/undo", expect)


def written(player: Player, made: dict[str, Any], kind: str = "comment", **given: Any) -> dict[str, Any]:
    """Write something about a deal."""
    body = {"kind": kind, "text": "They want to see it run first."} | given
    told: dict[str, Any] = player.call("POST", f"/deals/{made['id']}/entries", json=body, expect=201)
    return told


def attached(
    player: Player, made: dict[str, Any], name: str = "Notes.txt", content: bytes = b"They agree.", *, expect: int = 201
) -> dict[str, Any]:
    """Put a file to a deal."""
    data = {"file": (BytesIO(content), name)}
    told: dict[str, Any] = player.call("POST", f"/deals/{made['id']}/files", data=data, expect=expect)
    return told


def _changed(
    player: Player, method: str, made: dict[str, Any], path: str, expect: int, **options: Any
) -> dict[str, Any]:
    response = player.response(method, f"/deals/{made['id']}{path}", if_match=made["tag"], **options)
    assert response.status_code == expect, response.text
    told: dict[str, Any] = response.json | ({"tag": response.headers["ETag"]} if expect == 200 else {})
    return told
