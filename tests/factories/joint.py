"""Joint accounts for tests."""

import os
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import make_url, text

from partnercrm.accounts.actions import flows
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player
from tests.conftest import on_database

_numbers = count(1)


def proposed(player: Player, partnership_id: UUID | str, **given: Any) -> dict[str, Any]:
    """Propose to work on a company together, one of its own where nothing else is said."""
    number = next(_numbers)
    body = {"name": f"Contoso {number}", "domains": [f"contoso-{number}.com"], **given}
    body["partnership_id"] = str(partnership_id)
    one: dict[str, Any] = player.call("POST", "/joint-accounts", json=body, expect=201)
    return one


def opened(player: Player, other: Player, partnership_id: UUID | str, **given: Any) -> dict[str, Any]:
    """Let one side propose and the other agree."""
    one = proposed(player, partnership_id, **given)
    agreed: dict[str, Any] = other.call("POST", f"/joint-accounts/{one['id']}/agree", json={}, expect=200)
    return agreed


def planned(player: Player, joint_account_id: str, **given: Any) -> dict[str, Any]:
    """Add a line to the plan; a next step where nothing else is said."""
    line = {"kind": "next_step", "text": "Call the head of operations.", **given}
    item: dict[str, Any] = player.call("POST", f"/joint-accounts/{joint_account_id}/items", json=line, expect=201)
    return item


def kept(player: Player, one: dict[str, Any], **given: Any) -> Any:
    """Keep something of a joint account for one's own side alone."""
    path = f"/joint-accounts/{one['id']}/own"
    tag = player.response("GET", path).headers["ETag"]
    return player.call("PATCH", path, json=given, if_match=tag, expect=200)


def planned_out(cast: Cast, words: str) -> dict[str, Any]:
    """Open one with a whole plan, and notes of Acme's own."""
    one = opened(cast.dana, cast.hank, cast.partnership_id, name=words, city="Vienna", country="AT")
    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    cast.dana.call(
        "PATCH",
        f"/joint-accounts/{one['id']}",
        json={"goal": words, "proposition": words},
        if_match=cast.dana.response("GET", f"/joint-accounts/{one['id']}").headers["ETag"],
        expect=200,
    )
    planned(cast.dana, one["id"], text=words, owner_member_id=members[0]["id"], due_on="2026-01-31")
    planned(cast.hank, one["id"], kind="stakeholder", text="Head of operations", stance="supports")
    planned(cast.hank, one["id"], kind="play", text=words)
    kept(cast.dana, one, notes=words)
    return one


def reported(cast: Cast, at: datetime) -> None:
    """Report what flowed in the month before a moment, as the worker's role does."""
    with db.transaction(None, read_only=True) as opened:
        database = opened.execute(text("SELECT current_database()")).scalar_one()
    url = make_url(os.environ["PARTNERCRM_WORKER_DATABASE_URL"]).set(database=database)
    actor = Actor.system(cast.dana.actor.organization_id)
    with on_database(cast.app, url.render_as_string(hide_password=False)), clock.at(at), db.transaction(actor):
        flows.report_month(actor, cast.partnership_id)
