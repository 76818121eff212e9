"""Cases in the states in which each of their operations can succeed, for generated requests."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.cast import Cast, Player, organization, partnership, person

CLAIM = {"kind": "claim", "claim": "The answer came after the agreed time."}
OUTCOME = {"outcome": "stands", "reasons": "In time."}


def things(cast: Cast, manager: Player, mine: str) -> dict[str, list[str]]:
    """Return ids of cases that `manager` owns or moderates, by operation and field."""
    proposed = _case(manager, mine)
    proposal = cast.gina.call("POST", f"/cases/{proposed}/propose", json=OUTCOME, expect=200)["proposal_id"]
    return {
        "case_id": _several(3, lambda: _case(manager, mine)),
        "propose_outcome.case_id": _several(2, lambda: _case(manager, mine)),
        "agree_outcome.case_id": [proposed],
        "agree_outcome.proposal_id": [proposal],
        "withdraw_case.case_id": _several(4, lambda: _case(manager, mine)),
        "close_case.case_id": _several(4, lambda: _decided(cast, manager, mine)),
        "hand_over_case.case_id": _several(2, lambda: _case(manager, mine)),
        "hand_over_case.member_id": [_own_member(manager, mine)],
        "name_moderator.case_id": _several(6, lambda: _case(manager, mine)),
        "confirm_moderator.case_id": _several(4, lambda: _named(cast.gina, manager, mine)),
        "drop_moderator.case_id": _several(4, lambda: _named(manager, manager, mine)),
        "submit_case.case_id": _several(4, lambda: _accepted(cast, manager, mine)),
        **_to_moderate(cast, manager),
    }


def _to_moderate(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Let two strangers ask the manager to moderate between them."""
    nils = person(cast.app, organization("Northern"), "Nils", "nils@northern.example", "partner_manager")
    theirs = str(partnership(cast.ines, nils))
    for _ in range(9):
        _invited(cast.ines, nils, theirs, manager.email)
    files = [_submitted(cast.ines, nils, theirs, manager) for _ in range(6)]
    waiting = [one["id"] for one in _asked(manager) if one["status"] == "open"]
    return {
        "moderation_id": waiting[:1],
        "accept_moderation.moderation_id": waiting[1:5],
        "decline_moderation.moderation_id": waiting[5:],
        "read_file.case_id": files[:1],
        "list_file_entries.case_id": files[:1],
        "ask_sides.case_id": files[:2],
        "decide_case.case_id": files[2:],
    }


def _case(opener: Player, partnership_id: str) -> str:
    return _id(opener.call("POST", "/cases", json={"partnership_id": partnership_id, **CLAIM}, expect=201))


def _decided(cast: Cast, manager: Player, partnership_id: str) -> str:
    case_id = _case(manager, partnership_id)
    given = manager.call("POST", f"/cases/{case_id}/propose", json=OUTCOME, expect=200)["proposal_id"]
    cast.gina.call("POST", f"/cases/{case_id}/agree", json={"proposal_id": given}, expect=200)
    return case_id


def _named(namer: Player, opener: Player, partnership_id: str, address: str = "x@elsewhere.example") -> str:
    case_id = _case(opener, partnership_id)
    namer.call("POST", f"/cases/{case_id}/moderator", json={"address": address}, expect=200)
    return case_id


def _invited(opener: Player, other: Player, partnership_id: str, address: str) -> str:
    case_id = _named(opener, opener, partnership_id, address)
    other.call("POST", f"/cases/{case_id}/moderator/confirm", expect=200)
    return case_id


def _accepted(cast: Cast, manager: Player, partnership_id: str) -> str:
    case_id = _invited(manager, cast.gina, partnership_id, cast.ines.email)
    _accept(cast.ines, case_id)
    return case_id


def _submitted(opener: Player, other: Player, partnership_id: str, moderator: Player) -> str:
    case_id = _invited(opener, other, partnership_id, moderator.email)
    _accept(moderator, case_id)
    other.call("POST", f"/cases/{case_id}/submit", expect=200)
    return case_id


def _accept(moderator: Player, case_id: str) -> None:
    (asked,) = [one["id"] for one in _asked(moderator) if one["case_id"] == case_id]
    moderator.call("POST", f"/moderations/{asked}/accept", json={"declares": "No ties."}, expect=200)


def _asked(moderator: Player) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = moderator.call("GET", "/moderations?limit=200", expect=200)["items"]
    return found


def _own_member(manager: Player, partnership_id: str) -> str:
    members = manager.call("GET", f"/partnerships/{partnership_id}", expect=200)["members"]
    own = str(manager.actor.organization_id)
    return next(str(one["id"]) for one in members if one["organization_id"] == own and one["name"] == "Ola")


def _several(count: int, make: Callable[[], str]) -> list[str]:
    return [make() for _ in range(count)]


def _id(made: Mapping[str, Any]) -> str:
    return str(made["id"])
