"""Imports for tests."""

from io import BytesIO
from typing import Any

from partnercrm.integrations import jobs
from tests.cast import Player

HEADER = "id,account,product\n"
MAPPING = "external_id=id,company_name=account,need=product"


def sent(player: Player, rows: str | bytes = "1,Contoso,Kite\n", header: str = HEADER, **given: str) -> dict[str, Any]:
    """Send a file of these rows."""
    content = header.encode() + (rows.encode() if isinstance(rows, str) else rows)
    data = {"connector": "crm", "mapping": MAPPING, **given, "file": (BytesIO(content), "leads.csv")}
    made: dict[str, Any] = player.call("POST", "/imports", data=data, expect=201)
    return made


def run(player: Player, one: dict[str, Any], **how: bool) -> dict[str, Any]:
    """Start an import and do what the worker would; return where it stands then."""
    player.call("POST", f"/imports/{one['id']}/start", json=how, expect=200)
    jobs.run_import(str(player.actor.organization_id), one["id"])
    done: dict[str, Any] = player.call("GET", f"/imports/{one['id']}", expect=200)
    return done
