"""Registered deals for generated requests and long lists: in each state in which a step can be taken."""

from datetime import timedelta
from itertools import count
from typing import Any, Final

from partnercrm.activity.actions import record
from partnercrm.deals import queries
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player
from tests.factories.deals import ago, attached, deal, go, move, opened, read, register, written

_numbers = count(1)


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return registrations to try by operation."""
    theirs = [_made(cast.gina, cast) for _ in range(17)]
    ours = [_made(manager, cast) for _ in range(14)]
    for one in ours[4:8]:
        go(cast.hank, one, "ask", asked_fields=["value", "close_on", "asks", "involvement"], note="All of it.")
    for one in ours[8:12]:
        go(cast.hank, one, "approve")
    outweighed = [_outweighed(cast, manager) for _ in range(4)]
    return {
        "registration_id": _ids([*theirs[:1], *ours[12:]]),
        "begin_review.registration_id": _ids(theirs[1:5]),
        "ask_for_more.registration_id": _ids(theirs[5:9]),
        "approve_registration.registration_id": _ids(theirs[9:13]),
        "reject_registration.registration_id": _ids(theirs[13:]),
        "withdraw_registration.registration_id": _ids(ours[:4]),
        "resubmit.registration_id": _ids(ours[4:8]),
        "resubmit.close_on": ["2040-01-31"],
        "extend_registration.registration_id": _ids(ours[8:12]),
        "extend_registration.happened_at": [clock.now().isoformat()],
        "appeal_registration.registration_id": _ids(outweighed),
        "draft_id": _drafted(manager, cast, 3),
        "submit_registration_draft.draft_id": _drafted(manager, cast, 3, whole=True),
        "discard_registration_draft.draft_id": _drafted(manager, cast, 3),
        "draft_deal.happened_at": [clock.now().isoformat()],
        **_sold(cast, manager),
        "register_deal.close_on": ["2040-01-31"],
        "register_deal.happened_at": [clock.now().isoformat()],
    }


def _sold(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return deals to try by operation."""
    open_deals = [opened(cast, manager, company=f"Fabrikam{next(_numbers)}") for _ in range(9)]
    for one in open_deals[6:]:
        move(manager, one, "qualified")
    people = manager.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    own = [one["id"] for one in people if one["organization_id"] == str(manager.actor.organization_id)]
    for one in open_deals[:3]:
        manager.call("POST", f"/deals/{one['id']}/team", json={"member_ids": own}, expect=200)
    steps = [written(manager, open_deals[0], "next_step")["id"] for _ in range(3)]
    return {
        "deal_id": [one["id"] for one in open_deals[:3]],
        "move_deal.deal_id": [one["id"] for one in open_deals[3:6]],
        "move_deal.stage": ["qualified", "prospect"],
        "move_deal.happened_at": [clock.now().isoformat()],
        "undo_change.deal_id": [one["id"] for one in open_deals[6:]],
        "name_deal_team.member_ids": own,
        "write_deal_entry.mentioned": own[:1],
        "finish_deal_step.entry_id": steps,
        "file_id": [attached(manager, open_deals[0])["id"] for _ in range(3)],
        "remove_deal_file.file_id": [attached(manager, open_deals[1])["id"] for _ in range(3)],
        "log_deal_event.happened_at": [clock.now().isoformat()],
        "read_attribution.as_of": [(clock.now() + timedelta(days=1)).isoformat()],
        "change_deal.close_on": ["2040-01-31"],
    }


def _made(player: Player, cast: Cast, *steps: Any, company: str = "") -> dict[str, Any]:
    return register(player, cast.partnership_id, *steps, company=company or f"Fabrikam{next(_numbers)}")


def _drafted(player: Player, cast: Cast, number: int, *, whole: bool = False) -> list[str]:
    """Begin to register so many deals, with everything that is needed or not; return their ids."""
    made = []
    for _ in range(number):
        given = deal(cast.partnership_id, f"Fabrikam{next(_numbers)}")
        given = given if whole else {"partnership_id": given["partnership_id"], "asks": given["asks"]}
        made.append(player.call("POST", "/registration-drafts", json=given, expect=201)["id"])
    return made


def _outweighed(cast: Cast, manager: Player) -> dict[str, Any]:
    company = f"Fabrikam{next(_numbers)}"
    _made(cast.gina, cast, ago(9), company=company)
    return _made(manager, cast, ago(1), company=company)


def _ids(made: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in made]


def many(cast: Cast, number: int) -> tuple[Player, str]:
    """Register so many deals; return who lists them where."""
    for _ in range(number):
        _made(cast.sam, cast)
    return cast.gina, "/registrations"


def many_drafts(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many deals be begun; return who lists them where."""
    _drafted(cast.sam, cast, number)
    return cast.sam, "/registration-drafts"


def many_events(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so much have happened to one registration; return who reads it where."""
    found = cast.gina.call("GET", "/registrations", expect=200)["items"]
    one = (found or [_made(cast.sam, cast)])[0]["id"]
    sam = cast.sam.actor
    with db.transaction(sam):
        for _ in range(number):
            record(sam, "registration.noted", queries.registration_to_step(sam, one)[0])
    return cast.gina, f"/registrations/{one}/timeline"


def many_deals(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many registered deals be approved; return who lists them where."""
    for _ in range(number):
        go(cast.hank, _made(cast.sam, cast), "approve")
    return cast.gina, "/deals"


def many_states(cast: Cast, number: int) -> tuple[Player, str]:
    """Let one deal have been in so many states; return who reads it where."""
    return cast.gina, f"/deals/{_moved(cast, number)}/states"


def many_moves(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so much have happened to one deal; return who reads it where."""
    return cast.gina, f"/deals/{_moved(cast, number)}/timeline"


def many_entries(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so much be written about one deal; return who reads it where."""
    found = cast.sam.call("GET", "/deals", expect=200)["items"] or [opened(cast, cast.sam)]
    for _ in range(number):
        written(cast.sam, found[0], "comment")
    return cast.gina, f"/deals/{found[0]['id']}/entries"


def many_files(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many files lie with one deal; return who reads them where."""
    found = cast.sam.call("GET", "/deals", expect=200)["items"] or [opened(cast, cast.sam)]
    for _ in range(number):
        attached(cast.sam, found[0])
    return cast.gina, f"/deals/{found[0]['id']}/files"


def _moved(cast: Cast, number: int) -> str:
    found = cast.sam.call("GET", "/deals", expect=200)["items"]
    made = read(cast.sam, found[0]) if found else opened(cast, cast.sam)
    for _ in range(number):
        made = move(cast.sam, made, "qualified" if made["stage"] == "prospect" else "prospect")
    deal_id: str = made["id"]
    return deal_id


LISTS: Final = {
    "list_registrations": many,
    "list_registration_drafts": many_drafts,
    "read_registration_timeline": many_events,
    "list_deals": many_deals,
    "list_deal_entries": many_entries,
    "list_deal_files": many_files,
    "list_deal_states": many_states,
    "read_deal_timeline": many_moves,
}
