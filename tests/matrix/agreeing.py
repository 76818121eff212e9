"""The world's terms: changes agreed, withdrawn and open between partners, and a draft of one side."""

from collections.abc import Sequence
from typing import Any

from tests.matrix.people import colleagues
from tests.matrix.things import Thing, World


def propose(world: World) -> None:
    """Let changes of the terms be agreed, withdrawn and open, and our side mean to propose another."""
    both = [*colleagues("acme"), *colleagues("globex")]

    def proposed(readers: Sequence[str], based_on: int) -> dict[str, Any]:
        text = world.canaries.word("a goal proposed", readers)
        goal = {"text": text, "measure": "leads_won", "target": based_on, "due_on": "2040-12-31"}
        note = world.canaries.word("note to a change of terms", readers)
        return {"json": {"based_on": based_on, "note": note, "terms": {"goals": [goal]}}, "expect": 201}

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
