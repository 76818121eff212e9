"""The world's compensation plans: of either side one being written, and one by which a seller is paid."""

from collections.abc import Sequence
from typing import Any, Final

from partnercrm.incentives.queries import plans
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.factories import incentives
from tests.matrix.people import PEOPLE, Caller, colleagues
from tests.matrix.rules import Cells, stands
from tests.matrix.things import Thing, World


def pay(world: World) -> None:
    """Let both sides write a plan, and pay a seller by another."""
    for who, seller in (("dana", "sam"), ("hank", "gina")):
        side = PEOPLE[who].organization
        keepers = [name for name in colleagues(side) if "incentives:write" in PEOPLE[name].scopes]
        name = world.canaries.word(f"name of {who}'s plan", keepers)
        draft = incentives.drafted(world.players[who], name)
        world.things.append(Thing("compensation plan", "draft", side, draft["id"]))
        name = world.canaries.word(f"name of {seller}'s plan", [*keepers, seller])
        plan = incentives.published(world.players[who], incentives.drafted(world.players[who], name, lead_bonus="5.00"))
        incentives.assigned(world.players[who], plan, user_id=world.person_id(seller))
        world.things.append(Thing("compensation plan", "published", side, plan["id"], owner=seller))


def assigned(actor: Actor, world: World) -> Sequence[Any]:
    """Return whose Acme's plans are."""
    found = db.session().scalars(plans.compensation_assignments_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]]


def _tag(world: World, plan: Thing) -> str:
    """Return a plan's version as those who keep it read it."""
    who = {"acme": "dana", "globex": "hank"}[plan.organization]
    tag: str = world.players[who].response("GET", f"/compensation-plans/{plan.id}").headers.get("ETag", "none")
    return tag


def _changed(world: World, caller: Caller, plan: Any) -> dict[str, Any]:
    return {"json": {"name": "Field"}, "tag": _tag(world, plan)}


def _assigned(world: World, caller: Caller, plan: Any) -> dict[str, Any]:
    whom = world.person_id({"acme": "nora", "globex": "gina"}.get(caller.organization or "", "ines"))
    return {"json": {"user_id": whom, "starts_on": "2026-02-01"}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "preview_earnings": (Cells(body=lambda *_: {"json": {"value": {"amount": "5.00", "currency": "EUR"}}}),),
    "list_compensation_plans": (Cells(lists="compensation plan"),),
    "read_compensation_plan": (Cells(on="compensation plan"),),
    "draft_compensation_plan": (Cells(body=lambda *_: {"json": {"name": "Field", "rules": incentives.rules()}}),),
    "check_compensation_plan": (Cells(body=lambda *_: {"json": {"rules": incentives.rules()}}),),
    "change_compensation_plan": (Cells(on="compensation plan", body=_changed),),
    "simulate_compensation_plan": (Cells(on="compensation plan", goes=stands("draft")),),
    "publish_compensation_plan": (
        Cells(on="compensation plan", goes=stands("draft"), body=lambda world, _, plan: {"tag": _tag(world, plan)}),
    ),
    "assign_compensation_plan": (Cells(on="compensation plan", goes=stands("published"), body=_assigned),),
}


def _form(world: World, caller: Caller, plan: Any) -> dict[str, Any]:
    """Write a plan on its form: the same rate for everything."""
    tier = {"rules.tables.0.tiers.0.from": "0", "rules.tables.0.tiers.0.rate": "5"}
    rules = {"rules.currency": "EUR", "rules.starts_on": "2026-01-01", "rules.tables.0.mode": "marginal"}
    return {"data": {"name": "Field", **rules, **tier} | ({"version": _read(world, plan)} if plan else {})}


def _read(world: World, plan: Thing) -> str:
    return _tag(world, plan).strip('"')


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    **{f"incentives_pages.{name}": (Cells(),) for name in ("compensation_plans", "new_compensation_plan")},
    **{
        f"incentives_pages.{name}": (Cells(on="compensation plan"),)
        for name in ("compensation_plan", "change_compensation_plan")
    },
    "incentives_pages.simulate_compensation_plan": (Cells(on="compensation plan", goes=stands("draft"), refused=303),),
    "incentives_pages.draft_compensation_plan": (Cells(body=_form),),
    "incentives_pages.keep_compensation_plan": (Cells(on="compensation plan", body=_form),),
    "incentives_pages.publish_compensation_plan": (
        Cells(
            on="compensation plan",
            goes=stands("draft"),
            body=lambda world, _, plan: {"data": {"version": _read(world, plan)}},
        ),
    ),
    "incentives_pages.assign_compensation_plan": (
        Cells(
            on="compensation plan",
            goes=stands("published"),
            body=lambda *asked: {"data": _assigned(*asked)["json"]},
        ),
    ),
}
