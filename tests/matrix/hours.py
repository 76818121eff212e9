"""Who of the matrix's people works when, and who stands in for whom."""

from tests.matrix.people import PEOPLE
from tests.matrix.world import Thing, World


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
