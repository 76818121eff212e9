"""Who of the matrix's people works when, and who stands in for whom."""

from typing import Any, Final

from tests.matrix.people import PEOPLE, Caller
from tests.matrix.things import Thing, World

HOURS: Final = {"zone": "UTC", "week": {"monday": "09:00-17:00", "tuesday": "09:00-17:00"}}


def replaced(world: World, caller: Caller, *, own: bool) -> str:
    """Return the version of the hours that the caller replaces, its own or its organization's; none without any."""
    if not (caller.is_alive and caller.person):
        return ""
    name = caller.person.name
    for one in world.of("calendar"):
        if one.organization == caller.organization and one.owner == (name if own else None):
            tag: str = world.players[name].response("GET", f"/calendars/{one.id}").headers.get("ETag", "")
            return tag
    return ""


def organizations_hours(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    """Say when the organization works, instead of what was said."""
    return {"json": HOURS, "tag": replaced(world, caller, own=False)}


def own_hours(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    """Say when the caller works, instead of what was said."""
    return {"json": HOURS, "tag": replaced(world, caller, own=True)}


def plan(world: World) -> None:
    """Let organizations and people work at different hours, and people stand in for each other, some day."""
    hours = {"zone": "Europe/Berlin", "week": {"monday": "00:00-24:00"}}
    for who, state, path in (
        ("ada", "own", "organization"),
        ("hank", "partner's", "organization"),
        ("sam", "sam's", "me"),
    ):
        made = world.players[who].call("PUT", f"/calendars/{path}", json=hours, expect=200)
        owner = who if path == "me" else None
        world.things.append(Thing("calendar", state, PEOPLE[who].organization, made["id"], owner=owner))
    for who, deputy, state in (("sam", "nora", "to come"), ("gina", "otto", "partner's")):
        away = {"deputy_id": world.person_id(deputy), "from_on": "2099-01-01", "to_on": "2099-01-09"}
        made = world.players[who].call("POST", "/deputies", json=away, expect=201)
        world.things.append(Thing("deputy", state, PEOPLE[who].organization, made["id"], owner=who, other=deputy))
