"""Exchange rounds for generated requests: in each state in which one can be answered, filled, sealed and ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from partnercrm.kernel import clock
from tests.cast import Cast, Player, organization, partnership, person
from tests.factories import leads, rounds


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return rounds to try by operation, with leads to pick and partnerships to propose in."""
    begun = [_with(cast, manager, number) for number in range(20)]
    theirs = [rounds.propose(neighbour, one)["id"] for neighbour, one in begun[:6]]
    ours = [rounds.propose(manager, one)["id"] for _, one in begun[6:9]]
    opened = [rounds.opened(neighbour, manager, one, leads_each=1) for neighbour, one in begun[9:18]]
    picked = [rounds.pick(manager, one) for one in opened[:7]]
    for one in opened[:3]:
        rounds.seal(manager, one)
    spare = leads.lead(manager)["id"]
    return {
        "round_id": [*theirs, *ours, *_ids(opened)],
        "agree_round.round_id": theirs[:3],
        "decline_round.round_id": theirs[3:],
        "withdraw_round.round_id": ours,
        "unseal_round.round_id": _ids(opened[:3]),
        "seal_round.round_id": _ids(opened[3:6]),
        "unpick_lead.round_id": _ids(opened[6:7]),
        "unpick_lead.lead_id": [picked[6]["lead_id"]],
        "pick_lead.round_id": _ids(opened[7:8]),
        "pick_lead.lead_id": [spare],
        "break_off_round.round_id": _ids(opened[8:]),
        "propose_round.partnership_id": [str(one) for _, one in begun[18:]],
        "ends_at": [(clock.now() + timedelta(days=9)).isoformat()],
    }


def many_rounds(cast: Cast, count: int) -> tuple[Player, str]:
    """Let rounds have been taken back; return who lists them where."""
    for _ in range(count):
        one = rounds.propose(cast.dana, cast.partnership_id)
        cast.dana.call("POST", f"/rounds/{one['id']}/withdraw", expect=200)
    return cast.hank, "/rounds"


def many_picks(cast: Cast, count: int) -> tuple[Player, str]:
    """Pick leads for one round; return who lists them where."""
    status = {"status": "open"}
    going_on = cast.dana.call("GET", "/rounds", query_string=status, expect=200)["items"]
    (one,) = going_on or [rounds.opened(cast.dana, cast.hank, cast.partnership_id)]
    for _ in range(count):
        rounds.pick(cast.sam, one)
    return cast.dana, f"/rounds/{one['id']}/picks"


def _ids(made: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in made]


def _with(cast: Cast, manager: Player, number: int) -> tuple[Player, UUID]:
    email = f"rosa.{number}@neighbour.example"
    neighbour = person(cast.app, organization(f"Neighbour of {email}"), "Rosa", email, "partner_manager")
    return neighbour, partnership(manager, neighbour)
