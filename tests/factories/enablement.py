"""Programmes for tests: items of every kind, results, gates and exceptions."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from partnercrm.enablement.models.coverage import PulseRound
from partnercrm.kernel import clock, db
from partnercrm.kernel.ids import new_id
from tests.cast import Cast, Player

_numbers = count(1)
QUIZ = [
    {"question": "Who delivers the connector?", "answers": ["Globex", "We do"], "right": 0},
    {"question": "Who supports it?", "answers": ["Globex", "We do", "Nobody"], "right": 1},
]


def item(player: Player, partnership_id: UUID | str, kind: str = "acknowledge", **fields: Any) -> dict[str, Any]:
    """Add something to know; a course comes with a quiz of two questions."""
    given = {"kind": kind, "title": f"What to know {next(_numbers)}", "text": "They connect our terminals."}
    given |= {"quiz": QUIZ} if kind == "course" else {}
    path = f"/partnerships/{partnership_id}/enablement-items"
    made: dict[str, Any] = player.call("POST", path, json=given | fields, expect=201)
    return made


def change(player: Player, item_id: str, *, expect: int = 200, **fields: Any) -> Any:
    """Change an item as it stands now."""
    path = f"/enablement-items/{item_id}"
    tag = player.response("GET", path).headers["ETag"]
    return player.call("PATCH", path, json=fields, if_match=tag, expect=expect)


def acknowledge(player: Player, item_id: str) -> dict[str, Any]:
    """Acknowledge an item."""
    found: dict[str, Any] = player.call("POST", f"/enablement-items/{item_id}/acknowledge", expect=200)
    return found


def passed(player: Player, item_id: str, of: Player, *, days_ago: float = 0, **fields: Any) -> dict[str, Any]:
    """Enter for somebody that they passed an item, so many days ago."""
    happened = clock.now() - timedelta(days=days_ago)
    given = {"user_id": str(of.actor.user_id), "outcome": "passed", "happened_at": happened.isoformat()} | fields
    found: dict[str, Any] = player.call("POST", f"/enablement-items/{item_id}/results", json=given, expect=201)
    return found


def gates(player: Player, partnership_id: UUID | str, *, registering: str = "off", receiving: str = "off") -> None:
    """Set the gates of the player's side."""
    path = f"/partnerships/{partnership_id}/enablement-gates"
    tag = player.response("GET", path).headers.get("ETag")
    given = {"registering": registering, "receiving": receiving}
    player.call("PUT", path, json=given, if_match=tag, expect=200)


def exception(player: Player, partnership_id: UUID | str, of: Player, *, days: float = 7) -> dict[str, Any]:
    """Let somebody pass for so many days."""
    ends = (clock.now() + timedelta(days=days)).isoformat()
    given = {"user_id": str(of.actor.user_id), "reason": "The course is fully booked.", "ends_at": ends}
    path = f"/partnerships/{partnership_id}/enablement-exceptions"
    granted: dict[str, Any] = player.call("POST", path, json=given, expect=201)
    return granted


def own(player: Player, partnership_id: UUID | str) -> dict[str, Any]:
    """Return where somebody stands, as they read it."""
    found: dict[str, Any] = player.call("GET", f"/partnerships/{partnership_id}/enablement", expect=200)
    return found


def propose(player: Player, partnership_id: UUID | str, **fields: Any) -> dict[str, Any]:
    """Propose what both say to any customer, in English; the first answer is right."""
    given = {
        "locale": "en",
        "industry": "",
        "sentences": ["Your terminals see every box.", "Nobody waits.", f"It pays in {next(_numbers)} weeks."],
        "question": "What does the customer gain first?",
        "answers": ["Fewer hours of waiting", "Cheaper trucks"],
        "right_answer": 0,
    }
    path = f"/partnerships/{partnership_id}/value-propositions"
    proposed: dict[str, Any] = player.call("POST", path, json=given | fields, expect=201)
    return proposed


def agreed(cast: Cast, **fields: Any) -> dict[str, Any]:
    """Let both sides agree on what to say."""
    one = propose(cast.dana, cast.partnership_id, **fields)
    said: dict[str, Any] = cast.hank.call("POST", f"/value-propositions/{one['id']}/agree", expect=200)
    return said


def many_propositions(cast: Cast, count: int) -> tuple[Player, str]:
    """Agree so often on what to say; return who lists that where."""
    for _ in range(count):
        agreed(cast)
    return cast.sam, "/value-propositions"


def many_pulses(cast: Cast, count: int) -> tuple[Player, str]:
    """Let so many pulses have been asked for, one after the other; return who lists them where."""
    path = f"/partnerships/{cast.partnership_id}/pulses"
    actor = cast.dana.actor
    with db.transaction(actor) as session:
        for number in range(count):
            opened = clock.now() - timedelta(days=100 + next(_numbers))
            times = {"opened_at": opened, "closes_at": opened + timedelta(days=1 + number)}
            key = {"id": new_id(), "organization_id": actor.organization_id, "partnership_id": cast.partnership_id}
            session.add(PulseRound(**key, **times, answers=0, trusting=0))
    return cast.sam, path


PAGES = (
    "/enablement",
    "/enablement/items/{course}",
    "/enablement/items/{course}/edit",
    "/partnerships/{partnership}/enablement",
    "/partnerships/{partnership}/enablement/new",
    "/partnerships/{partnership}/coverage",
    "/partnerships/{partnership}/value-propositions/new",
    "/value-propositions",
    "/value-propositions/{said}",
)


def places(cast: Cast, words: str) -> dict[str, str]:
    """Let there be something to know, somebody who passes without it, and something to say; for those pages."""
    exception(cast.dana, cast.partnership_id, cast.sam)
    return {
        "said": agreed(cast, industry=words[:100])["id"],
        "course": item(cast.dana, cast.partnership_id, "course", title=words)["id"],
    }


def many_items(cast: Cast, count: int) -> tuple[Player, str]:
    """Add so many items; return who lists them where."""
    for _ in range(count):
        item(cast.dana, cast.partnership_id)
    return cast.sam, f"/partnerships/{cast.partnership_id}/enablement-items"


def many_versions(cast: Cast, count: int) -> tuple[Player, str]:
    """Change an item so often; return who lists its versions where."""
    listed = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/enablement-items", expect=200)["items"]
    first = (listed or [item(cast.dana, cast.partnership_id)])[0]["id"]
    for _ in range(count):
        change(cast.dana, first, text=f"What to know {next(_numbers)}")
    return cast.sam, f"/enablement-items/{first}/versions"


def many_exceptions(cast: Cast, count: int) -> tuple[Player, str]:
    """Let somebody pass so often; return who lists that where."""
    for _ in range(count):
        exception(cast.dana, cast.partnership_id, cast.sam)
    return cast.dana, f"/partnerships/{cast.partnership_id}/enablement-exceptions"


def many_results(cast: Cast, count: int) -> tuple[Player, str]:
    """Let somebody acknowledge so often; return who lists that where."""
    note = item(cast.dana, cast.partnership_id)["id"]
    for _ in range(count):
        acknowledge(cast.sam, note)
    return cast.sam, "/enablement-results"


LISTS = {
    "list_value_propositions": many_propositions,
    "list_pulses": many_pulses,
    "list_enablement_results": many_results,
    "list_enablement_items": many_items,
    "list_enablement_item_versions": many_versions,
    "list_enablement_exceptions": many_exceptions,
}


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return ids of items, exceptions and propositions for generated requests, by what each operation needs."""

    def several(number: int, kind: str = "certificate") -> list[str]:
        return [item(manager, cast.partnership_id, kind)["id"] for _ in range(number)]

    nora = [exception(manager, cast.partnership_id, cast.nora)["id"] for _ in range(3)]
    theirs = [propose(cast.hank, cast.partnership_id, industry=f"Theirs {next(_numbers)}")["id"] for _ in range(8)]
    ours = [propose(manager, cast.partnership_id, industry=f"Ours {next(_numbers)}")["id"] for _ in range(4)]
    said = agreed(cast)["id"]
    # What the example of a file of results names.
    item(manager, cast.partnership_id, "certificate", title="Terminals")
    return {
        "proposition_id": [said],
        "agree_value_proposition.proposition_id": theirs[:4],
        "decline_value_proposition.proposition_id": theirs[4:],
        "withdraw_value_proposition.proposition_id": ours,
        "item_id": several(3),
        "archive_enablement_item.item_id": several(3),
        "acknowledge_enablement_item.item_id": several(2, "acknowledge"),
        "answer_enablement_quiz.item_id": [
            item(manager, cast.partnership_id, "course", quiz=QUIZ[:1])["id"] for _ in range(2)
        ],
        "change_enablement_item.owner_id": [str(manager.actor.user_id)],
        "grant_enablement_exception.user_id": [str(cast.nora.actor.user_id)],
        "put_enablement_result.user_id": [str(cast.nora.actor.user_id)],
        "exception_id": nora,
    }
