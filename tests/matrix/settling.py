"""The world's cases, in every state, and the moderator of a third organization whom both sides name."""

from typing import Any, Final

from tests.matrix.people import MEMBERS, PEOPLE, administrators
from tests.matrix.things import Thing, World

MODERATOR: Final = "mona"
# How each case comes to its state, by whom; a verb alone sends nothing.
ROADS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "open": (),
    "discussed": (("gina", "statements"),),
    "proposed": (("gina", "propose"),),
    "named": (("sam", "moderator"),),
    "invited": (("sam", "moderator"), ("gina", "moderator/confirm")),
    "accepted": (("sam", "moderator"), ("gina", "moderator/confirm"), (MODERATOR, "accept")),
    "decided": (("gina", "propose"), ("sam", "agree")),
    "withdrawn": (("gina", "statements"), ("sam", "withdraw")),
}
ROADS["moderated"] = (*ROADS["accepted"], ("sam", "submit"))
ROADS["closed"] = (*ROADS["moderated"], (MODERATOR, "decide"), ("sam", "close"))


def open_past(world: World) -> None:
    """Let there have been a case in the partnership that has ended, with a moderator."""
    _case(world, world.ended, "ended moderated", ROADS["moderated"], lives=False)


def settle(world: World) -> None:
    """Let Acme's Sam have opened a case in each state with Globex."""
    world.canaries.plant(world.players[MODERATOR].email.partition("@")[0], "", MEMBERS)
    for state, road in ROADS.items():
        _case(world, world.living, state, road)


def _case(
    world: World, partnership_id: str, state: str, road: tuple[tuple[str, str], ...], *, lives: bool = True
) -> None:
    trusted = MODERATOR if state == "moderated" else ""
    readers = [*(MEMBERS if lives else ()), trusted]
    told = {what: world.canaries.word(f"{what} of the {state} case", readers) for what in ("claim", "proof")}
    given = {
        "partnership_id": partnership_id,
        "kind": "claim",
        "claim": told["claim"],
        "evidence": [{"title": told["proof"], "facts": [{"name": "Shown", "value": told["proof"]}]}],
    }
    case = world.players["sam"].call("POST", "/cases", json=given, expect=201)
    moderation = ""
    for who, verb in road:
        if who == MODERATOR:
            moderation = moderation or _invitation(world, case["id"])
            _moderate(world, case["id"], moderation, verb)
        else:
            case = _step(world, who, case, verb, readers)
    _note(world, case, state, lives=lives)
    if moderation or state == "invited":
        place = moderation or _invitation(world, case["id"])
        world.things.append(Thing("moderation", state, "tyrell", place, owner=MODERATOR, lives=lives))


def _note(world: World, case: dict[str, Any], state: str, *, lives: bool) -> None:
    place = {"proposal_id": case["proposal_id"] or case["id"]}
    for kind, owner in (("case", "sam"), ("file", MODERATOR)):
        world.things.append(Thing(kind, state, "acme", case["id"], owner, other="globex", lives=lives, place=place))


def _step(world: World, who: str, case: dict[str, Any], verb: str, readers: list[str]) -> dict[str, Any]:
    said = world.canaries.word(f"words to {verb}", readers)
    bodies: dict[str, dict[str, Any]] = {
        "statements": {"text": said},
        "propose": {"outcome": "arranged", "reasons": said, "next_step": said},
        "agree": {"proposal_id": case["proposal_id"]},
        "moderator": {"address": world.players[MODERATOR].email},
    }
    options = {"json": bodies[verb]} if verb in bodies else {}
    stepped: dict[str, Any] = world.players[who].call("POST", f"/cases/{case['id']}/{verb}", expect=200, **options)
    return stepped


def _invitation(world: World, case_id: str) -> str:
    asked = world.players[MODERATOR].call("GET", "/moderations", expect=200)["items"]
    return next(str(one["id"]) for one in asked if one["case_id"] == case_id)


def _moderate(world: World, case_id: str, moderation: str, verb: str) -> None:
    readers = [*MEMBERS, *administrators(PEOPLE[MODERATOR].organization), MODERATOR]
    said = world.canaries.word(f"words of the moderator to {verb}", readers)
    player = world.players[MODERATOR]
    if verb == "accept":
        player.call("POST", f"/moderations/{moderation}/accept", json={"declares": said}, expect=200)
    else:
        given = {"outcome": "arranged", "reasons": said}
        player.call("POST", f"/case-files/{case_id}/{verb}", json=given, expect=200)
