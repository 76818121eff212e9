"""The world's terms: changes agreed, withdrawn and open between partners, and a draft of one side."""

from collections.abc import Sequence
from typing import Any

from tests.matrix.people import colleagues
from tests.matrix.things import Thing, World


def open_past(world: World) -> None:
    """Let a change of the terms and a move wait in the partnership that is going to end; nobody reads them after."""
    path = f"/partnerships/{world.ended}"
    note = world.canaries.word("note to a change left open", ())
    given = {"based_on": 1, "note": note, "terms": {"offer_days": 9}}
    change = world.players["hank"].call("POST", f"{path}/term-changes", json=given, expect=201)
    move = {"note": world.canaries.word("note to a move left open", ())}
    move = world.players["hank"].call("POST", f"{path}/phase-moves", json=move, expect=201)
    for kind, one in (("term change", change), ("phase move", move)):
        world.things.append(Thing(kind, "ended open", "globex", one["id"], other="acme", lives=False))


def propose(world: World) -> None:
    """Let changes of the terms be agreed, withdrawn and open, and our side mean to propose another."""
    both = [*colleagues("acme"), *colleagues("globex")]

    def proposed(readers: Sequence[str], based_on: int) -> dict[str, Any]:
        text = world.canaries.word("a goal proposed", readers)
        goal = {"text": text, "measure": "entered", "target": based_on, "due_on": "2040-12-31"}
        criterion = {"phase": "proof_of_concept", "text": text, "due_on": "2040-12-31"}
        note = world.canaries.word("note to a change of terms", readers)
        return {
            "json": {"based_on": based_on, "note": note, "terms": {"goals": [goal], "criteria": [criterion]}},
            "expect": 201,
        }

    path = f"/partnerships/{world.living}"
    roads = (
        ("dana", "accepted", "hank", "accept"),
        ("dana", "withdrawn", "dana", "withdraw"),
        ("hank", "open", "", ""),
    )
    for who, state, answers, verb in roads:
        given = proposed(both, 1 if state == "accepted" else 2)
        change_id = world.players[who].call("POST", f"{path}/term-changes", **given)["id"]
        if answers:
            world.players[answers].call("POST", f"/term-changes/{change_id}/{verb}", expect=200)
        ours, theirs = ("acme", "globex") if who == "dana" else ("globex", "acme")
        world.things.append(Thing("term change", state, ours, change_id, other=theirs))
    draft = proposed(colleagues("acme"), 2) | {"expect": 200}
    world.players["dana"].call("PUT", f"{path}/term-draft", **draft)


def go_on(world: World) -> None:
    """Let Acme say that the criterion is met, both enter where the goal stands, and moves be answered or wait."""
    path, both = f"/partnerships/{world.living}", [*colleagues("acme"), *colleagues("globex")]
    terms = world.players["dana"].call("GET", path, expect=200)["terms"]
    (goal,), (criterion,) = terms["goals"], terms["criteria"]
    evidence = {"met_on": "2026-01-31", "evidence": world.canaries.word("evidence of a criterion", both)}
    world.players["dana"].call("POST", f"{path}/criteria/{criterion['id']}/mark", json=evidence, expect=200)
    reading = {"value": 0, "read_on": "2026-01-31", "note": world.canaries.word("note to a goal", both)}
    world.players["hank"].call("POST", f"{path}/goals/{goal['id']}/readings", json=reading, expect=201)
    place = {"partnership_id": world.living}
    for kind, one in (("criterion", criterion), ("goal", goal)):
        world.things.append(Thing(kind, "agreed", "acme", one["id"], other="globex", place=place))
    for who, state in (("dana", "withdrawn"), ("hank", "open")):
        given = {"note": world.canaries.word("note to a move", both), "waiver": world.canaries.word("waiver", both)}
        move = world.players[who].call("POST", f"{path}/phase-moves", json=given, expect=201)
        if state == "withdrawn":
            world.players[who].call("POST", f"/phase-moves/{move['id']}/withdraw", expect=200)
        ours, theirs = ("acme", "globex") if who == "dana" else ("globex", "acme")
        world.things.append(Thing("phase move", state, ours, move["id"], other=theirs))
