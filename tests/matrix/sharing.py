"""The world's splits of deals, and what is done to them; how each side divides its share."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from partnercrm.incentives.queries import agreements, divisions
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import ChangeStatus
from tests.matrix.joining import version_at
from tests.matrix.people import Caller
from tests.matrix.rules import Cells, never, stands
from tests.matrix.things import Thing, World

_OPEN: Final = ("open", "strangers'")


def share(world: World) -> None:
    """Let a won deal be shared, and another split of it wait; one of strangers, too; let Acme divide its share."""
    won, strangers = world.one("deal", "won"), world.one("deal", "strangers'")
    agreed = _propose(world, won, "dana", "accepted", 0)
    world.players["hank"].call("POST", f"/split-proposals/{agreed}/accept", expect=200)
    _propose(world, won, "dana", "open", 1)
    _propose(world, strangers, "ines", "strangers'", 0)
    path = f"/deals/{world.one('deal', 'open').id}/division"
    given = _whole(world.players["dana"].actor)
    tag = world.players["dana"].response("GET", path).headers["ETag"]
    world.players["dana"].call("PUT", path, json=given, if_match=tag, expect=200)


def _propose(world: World, deal: Thing, who: str, state: str, based_on: int) -> str:
    """Propose how a deal is shared: a little else each time."""
    given = _split(world, deal, 500_000 + based_on, based_on)
    if state == "accepted":
        given["referral_fee"] = {"payer_id": str(world.organizations["globex"]), "rate": 100_000}
    path = f"/deals/{deal.id}/split-proposals"
    made: str = world.players[who].call("POST", path, json=given, expect=201)["id"]
    organization = "initech" if who == "ines" else "acme"
    world.things.append(replace(deal, kind="split", state=state, id=made, organization=organization, owner=who))
    return made


def _split(world: World, thing: Thing, first: int, based_on: int) -> dict[str, Any]:
    pair = ("hooli", "initech") if thing.state == "strangers'" else ("acme", "globex")
    parts = zip(sorted(str(world.organizations[name]) for name in pair), (first, 1_000_000 - first), strict=True)
    shares = [{"organization_id": side, "revenue_split": part} for side, part in parts]
    return {"based_on": based_on, "role": "co_sell", "shares": shares}


def _whole(actor: Actor) -> dict[str, Any]:
    return {"participants": [{"user_id": str(actor.user_id), "parts": 1_000_000}]}


def _new(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"json": _split(world, thing, 300_000, 1 if thing.state == "won" else 0)}


def _other(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"json": _split(world, thing, 300_000, 0 if thing.state == "strangers'" else 1)}


def _divided(world: World, caller: Caller, one: Any) -> dict[str, Any]:
    """Divide the caller's side's share to the caller alone, from the version they read."""
    name = caller.person.name if caller.person else "sam"
    tag = version_at("/deals/{}/division")(world, caller, one)
    return {"tag": tag, "json": _whole(world.players[name].actor) if caller.is_alive else {"participants": []}}


def answers(caller: Caller, split: Thing) -> bool:
    """Tell whether the caller's side answers what waits."""
    return split.state in _OPEN and caller.organization != split.organization


def proposed(caller: Caller, split: Thing) -> bool:
    """Tell whether the caller's side proposed what waits."""
    return split.state in _OPEN and caller.organization == split.organization


_ON_DEALS: Final = (Cells(on="deal"), Cells(on="known deal"))
CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    **dict.fromkeys(("read_deal_sharing", "list_split_agreements", "read_division"), _ON_DEALS),
    "list_split_proposals": (Cells(lists="split"),),
    "propose_split": (
        Cells(on="deal", goes=stands("open", "committed"), body=_new),
        Cells(on="known deal", goes=never, body=_new),
    ),
    "read_split_proposal": (Cells(on="split"),),
    "change_split": (Cells(on="split", goes=stands(*_OPEN), body=_other),),
    "accept_split": (Cells(on="split", goes=answers),),
    "decline_split": (Cells(on="split", goes=answers),),
    "withdraw_split": (Cells(on="split", goes=proposed),),
    "divide_share": (Cells(on="deal", body=_divided), Cells(on="known deal", body=_divided)),
}


def _form(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON: dotted names, splits in percent, the version read."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, one: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, one) if cells.body else {}
            return {"data": {"version": asked.get("tag", "none"), **_dotted(asked["json"])}} if asked else {}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


def _dotted(given: dict[str, Any]) -> dict[str, str]:
    values = {name: str(value) for name, value in given.items() if not isinstance(value, list)}
    for name in ("shares", "participants"):
        for place, row in enumerate(given.get(name, ())):
            values |= {f"{name}.{place}.{column}": str(value) for column, value in row.items()}
    percents = {name: str(int(value) // 10_000) for name, value in values.items() if name.endswith("revenue_split")}
    return values | percents


def _without_version(cells_of: tuple[Cells, ...]) -> tuple[Cells, ...]:
    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, one: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, one) if cells.body else {}
            return {"data": {name: value for name, value in asked["data"].items() if name != "version"}}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in cells_of)


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "incentives_pages.split_proposals": (Cells(),),
    "incentives_pages.my_plan": (Cells(),),
    "incentives_pages.split_proposal": (Cells(on="split"),),
    "incentives_pages.change_split": (Cells(on="split"),),
    **{f"incentives_pages.{name}": _ON_DEALS for name in ("propose_split", "division")},
    "incentives_pages.send_split": _without_version(_form("propose_split")),
    "incentives_pages.send_changed_split": _without_version(_form("change_split")),
    **{f"incentives_pages.{name}": CELLS[name] for name in ("accept_split", "decline_split", "withdraw_split")},
    "incentives_pages.divide_share": _form("divide_share"),
}


def _agreed(actor: Actor, world: World) -> Sequence[Any]:
    """Return what Acme and Globex agreed about their deals."""
    found = db.session().scalars(agreements.split_agreements_seen_by(actor))
    return [one for one in found if str(one.partnership_id) == world.living]


def _waiting(actor: Actor, world: World) -> Sequence[Any]:
    """Return what waits between Acme and Globex."""
    found = db.session().scalars(agreements.split_proposals_seen_by(actor))
    return [one for one in found if str(one.partnership_id) == world.living and one.status is ChangeStatus.OPEN]


def _acmes(world: World, found: Any) -> Sequence[Any]:
    """Return one of Acme's, if there is any."""
    return [one for one in found if one.organization_id == world.organizations["acme"]][:1]


UNMARKED: Final = {
    "split_agreements_seen_by": _agreed,
    "split_proposals_seen_by": _waiting,
    "split_divisions_seen_by": lambda actor, world: _acmes(
        world, db.session().scalars(divisions.split_divisions_seen_by(actor))
    ),
    "split_participants_seen_by": lambda actor, world: _acmes(
        world, db.session().scalars(divisions.split_participants_seen_by(actor))
    ),
}
