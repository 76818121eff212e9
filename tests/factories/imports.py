"""Imports for tests."""

from typing import Any
from uuid import UUID

from urllib3 import encode_multipart_formdata

from partnercrm.integrations import jobs
from partnercrm.integrations.actions import failing
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.cast import Player

HEADER = "id,account,product\n"
ACCOUNTS = "external_id,name,web_domains,city,country,vat,parent_external_id,relationship,owner_email\n"
MAPPING = "external_id=id,company_name=account,need=product"


def sent(player: Player, rows: str | bytes = "1,Contoso,Kite\n", header: str = HEADER, **given: str) -> dict[str, Any]:
    """Send a file of these rows; what is given as "" is left out."""
    content = header.encode() + (rows.encode() if isinstance(rows, str) else rows)
    form = {"connector": "crm", "mapping": MAPPING, **given, "file": ("leads.csv", content)}
    body, content_type = encode_multipart_formdata({name: value for name, value in form.items() if value})
    made: dict[str, Any] = player.call("POST", "/imports", data=body, content_type=content_type, expect=201)
    return made


def of_accounts(player: Player, rows: str, header: str = ACCOUNTS, **given: str) -> dict[str, Any]:
    """Send a file of accounts whose columns are named as their fields are."""
    return sent(player, rows, header, **{"kind": "accounts", "mapping": mapped(header), **given})


def mapped(header: str) -> str:
    """Return the mapping that takes each column for the field of its name."""
    return ",".join(f"{name}={name}" for name in header.strip().split(","))


def run(player: Player, one: dict[str, Any], **how: bool) -> dict[str, Any]:
    """Start an import and do what the worker would; return where it stands then."""
    player.call("POST", f"/imports/{one['id']}/start", json=how, expect=200)
    jobs.run_import(str(player.actor.organization_id), one["id"])
    done: dict[str, Any] = player.call("GET", f"/imports/{one['id']}", expect=200)
    return done


def undo(player: Player, import_id: str) -> None:
    """Do what the worker would once an undo was asked for."""
    jobs.undo_import(str(player.actor.organization_id), import_id)


def fail(player: Player, one: dict[str, Any]) -> None:
    """Start an import and let its tries be used up."""
    player.call("POST", f"/imports/{one['id']}/start", json={}, expect=200)
    actor = Actor.system(player.actor.organization_id)
    with db.transaction(actor):
        failing.give_up(actor, UUID(one["id"]), OSError())


def kept(player: Player) -> dict[str, dict[str, Any]]:
    """Return the leads the player sees, by their keys."""
    items = player.call("GET", "/leads?limit=200", expect=200)["items"]
    return {lead["external_id"]: lead for lead in items}
