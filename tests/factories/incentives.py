"""Compensation plans for tests."""

import json
from typing import Any

from tests.cast import Cast, Player


def rules(**given: Any) -> dict[str, Any]:
    """Return what a plan says: 5 % up to 1,000 euros, 8 % beyond."""
    tiers = [{"from": "0", "to": "1000.00", "rate": 50_000}, {"from": "1000", "rate": 80_000}]
    table = {"starts_on": "2026-01-01", "mode": "marginal", "tiers": tiers}
    return {"currency": "EUR", "starts_on": "2026-01-01", "tables": [table]} | given


def drafted(player: Player, name: str = "Field sales", **given: Any) -> dict[str, Any]:
    """Write a plan."""
    body = {"name": name, "rules": rules(**given)}
    made: dict[str, Any] = player.call("POST", "/compensation-plans", json=body, expect=201)
    return made


def changed(player: Player, plan: dict[str, Any], *, expect: int = 200, **given: Any) -> dict[str, Any]:
    """Change what a plan is to say next."""
    path = f"/compensation-plans/{plan['id']}"
    body, tag = {"rules": rules(**given)}, player.response("GET", path).headers["ETag"]
    told: dict[str, Any] = player.call("PATCH", path, json=body, if_match=tag, expect=expect)
    return told


def published(player: Player, plan: dict[str, Any], *, expect: int = 200) -> dict[str, Any]:
    """Publish what was written."""
    path = f"/compensation-plans/{plan['id']}"
    tag = player.response("GET", path).headers["ETag"]
    told: dict[str, Any] = player.call("POST", f"{path}/publish", if_match=tag, expect=expect)
    return told


def assigned(player: Player, plan: dict[str, Any], *, expect: int = 200, **given: Any) -> dict[str, Any]:
    """Let the plan be somebody's from the first day of 2026 on, unless another is given."""
    path = f"/compensation-plans/{plan['id']}/assign"
    told: dict[str, Any] = player.call("POST", path, json={"starts_on": "2026-01-01"} | given, expect=expect)
    return told


def many(cast: Cast, number: int) -> tuple[Player, str]:
    """Write so many plans; return who lists them where."""
    for _ in range(number):
        published(cast.dana, drafted(cast.dana))
    return cast.dana, "/compensation-plans"


LISTS = {"list_compensation_plans": many}


def things(manager: Player) -> dict[str, list[str]]:
    """Return plans to try by operation, and rules that hold together."""
    plans = [drafted(manager)["id"] for _ in range(9)]
    said = published(manager, drafted(manager))["id"]
    return {
        "plan_id": [said],
        "change_compensation_plan.plan_id": plans[:3],
        "publish_compensation_plan.plan_id": plans[3:],
        "simulate_compensation_plan.plan_id": [drafted(manager)["id"]],
        "assign_compensation_plan.user_id": [str(manager.actor.user_id)],
        "compensation rules": [json.dumps(rules())],
    }


def paid(cast: Cast) -> str:
    """Let Acme's seller be paid by a plan; return its id."""
    plan = published(cast.dana, drafted(cast.dana))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))
    plan_id: str = plan["id"]
    return plan_id
