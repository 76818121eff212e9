"""Partnerships for generated requests: in each state in which phases, criteria and goals can go on."""

from typing import Any
from uuid import UUID

from tests.cast import Cast, Player, organization, partnership, person
from tests.factories import terms


def phases(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return criteria, goals, moves and partnerships to try, by operation and field."""
    agreed = _with(cast, manager, 0)
    begun = [_with(cast, manager, number) for number in range(1, 13)]
    theirs = [_moved(neighbour, one) for neighbour, one in begun[:6]]
    ours = [_moved(manager, one) for _, one in begun[6:9]]
    for _, one in begun[9:11]:
        manager.call("POST", f"/partnerships/{one}/pause", json={}, expect=200)
    neighbour, one = agreed
    found = _agreed(manager, neighbour, one)
    neighbour, other = _with(cast, manager, 13)
    marked = _agreed(manager, neighbour, other)["criteria"][0]["id"]
    met = {"met_on": "2026-01-31", "evidence": "Seen."}
    manager.call("POST", f"/partnerships/{other}/criteria/{marked}/mark", json=met, expect=200)
    return {
        "unmark_criterion.partnership_id": [str(other)],
        "unmark_criterion.criterion_id": [marked],
        "mark_criterion.partnership_id": [str(one)],
        "mark_criterion.criterion_id": [found["criteria"][0]["id"]],
        "enter_goal_value.partnership_id": [str(one)],
        "enter_goal_value.goal_id": [found["goals"][0]["id"]],
        "met_on": ["2026-01-31"],
        "read_on": ["2026-01-31"],
        "move_id": [*theirs, *ours],
        "accept_phase.move_id": theirs[:3],
        "decline_phase.move_id": theirs[3:],
        "withdraw_phase.move_id": ours,
        "propose_phase.partnership_id": [str(begun[11][1])],
        "resume_partnership.partnership_id": [str(one) for _, one in begun[9:11]],
        "pause_partnership.partnership_id": [str(one) for _, one in begun[8:9]],
    }


def _agreed(manager: Player, neighbour: Player, partnership_id: UUID) -> dict[str, Any]:
    """Agree on a criterion and a goal; return the terms."""
    whole = {"criteria": [terms.CRITERION], "goals": [terms.GOAL | {"measure": "entered"}]}
    change = terms.propose(neighbour, partnership_id, **whole)
    manager.call("POST", f"/term-changes/{change['id']}/accept", expect=200)
    found: dict[str, Any] = manager.call("GET", f"/partnerships/{partnership_id}", expect=200)["terms"]
    return found


def _with(cast: Cast, manager: Player, number: int) -> tuple[Player, UUID]:
    email = f"phil.{number}@neighbour.example"
    neighbour = person(cast.app, organization(f"Neighbour of {email}"), "Phil", email, "partner_manager")
    return neighbour, partnership(manager, neighbour)


def _moved(player: Player, partnership_id: UUID) -> str:
    made: str = player.call("POST", f"/partnerships/{partnership_id}/phase-moves", json={}, expect=201)["id"]
    return made
