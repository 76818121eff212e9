"""Programmes of every organization in the world of the matrix, and the cells of what is done with them."""

from typing import Any, Final

from tests.factories import enablement
from tests.matrix import rules
from tests.matrix.people import MEMBERS, PEOPLE, Caller, colleagues
from tests.matrix.rules import Cells
from tests.matrix.things import Thing, World

ITEM: Final = {"kind": "acknowledge", "title": "What they do"}
PASSED: Final = {"outcome": "passed", "happened_at": "2026-01-31T12:00:00Z"}
_WAITING: Final = ("proposed", "received")
GRANTED: Final = {"reason": "Fully booked.", "ends_at": "2098-01-01T00:00:00Z"}


def teach(world: World) -> None:
    """Let both sides keep a programme, which somebody began and whose gates they pass for a time."""
    propose(world)
    for who, seller, state in (("dana", "sam", "own"), ("hank", "gina", "partner's")):
        ours = PEOPLE[who].organization
        for kind in ("acknowledge", "course", "certificate", "live_session"):
            _item(world, who, world.living, kind, f"{state} {kind}")
        put_away = _item(world, who, world.living, "acknowledge", f"{state} archived")
        world.players[who].call("POST", f"/enablement-items/{put_away}/archive", expect=200)
        enablement.acknowledge(world.players[seller], world.one("enablement item", f"{state} acknowledge").id)
        reason = world.canaries.word(f"reason of {who}'s exception", [who, seller])
        given = GRANTED | {"user_id": world.person_id(seller), "reason": reason}
        path = f"/partnerships/{world.living}/enablement-exceptions"
        granted = world.players[who].call("POST", path, json=given, expect=201)["id"]
        world.things.append(Thing("exception", state, ours, granted, owner=seller))
        over = world.players[who].call("POST", path, json=given, expect=201)["id"]
        world.players[who].call("POST", f"/enablement-exceptions/{over}/end", expect=200)
        world.things.append(Thing("exception", f"{state} over", ours, over, owner=seller))


def propose(world: World) -> None:
    """Let both sides say something, and each have proposed something else; and each ask its own people."""
    readers = {name: [*MEMBERS] for name in ("proposed", "received", "declined", "withdrawn")}
    readers["agreed"] = [
        name for side in ("acme", "globex") for name in colleagues(side) if "enablement:read" in PEOPLE[name].scopes
    ]
    answers = {"agreed": ("hank", "agree"), "declined": ("hank", "decline"), "withdrawn": ("dana", "withdraw")}
    for who, state in (("hank", "received"), *(("dana", state) for state in ("proposed", *answers))):
        sentence = world.canaries.word(f"sentence that is {state}", readers[state])
        given = {"industry": f"{who} {state}", "sentences": [sentence, "Nobody waits.", "It pays."]}
        one = enablement.propose(world.players[who], world.living, **given)["id"]
        if state in answers:
            player, verb = answers[state]
            world.players[player].call("POST", f"/value-propositions/{one}/{verb}", expect=200)
        ours, theirs = ("acme", "globex") if who == "dana" else ("globex", "acme")
        world.things.append(Thing("proposition", state, ours, one, owner=who, other=theirs))
    for who, state in (("hank", "partner's"), ("dana", "own")):
        path = f"/partnerships/{world.living}/pulses"
        asked = world.players[who].call("POST", path, json={"days": 9}, expect=201)["id"]
        world.things.append(Thing("pulse", state, PEOPLE[who].organization, asked, owner=who))


def teach_past(world: World) -> None:
    """Let there have been a programme in the partnership that is going to end."""
    _item(world, "dana", world.ended, "acknowledge", "ended acknowledge", lives=False)


def _item(world: World, who: str, partnership_id: str, kind: str, state: str, *, lives: bool = True) -> str:
    ours = PEOPLE[who].organization
    readers = [name for name in colleagues(ours) if lives and "enablement:read" in PEOPLE[name].scopes]
    title, text = (world.canaries.word(f"{what} of {who}'s {state}", readers) for what in ("title", "text"))
    item_id: str = enablement.item(world.players[who], partnership_id, kind, title=title, text=text)["id"]
    world.things.append(Thing("enablement item", state, ours, item_id, owner=who, lives=lives))
    return item_id


def keeps(caller: Caller, thing: Thing) -> bool:
    """Tell whether the caller belongs to the partnership an item is of, on the side whose item it is."""
    return _is_member(caller) and rules.SEES[thing.kind](caller, thing)


def _is_member(caller: Caller) -> bool:
    return bool(caller.person and caller.person.name in MEMBERS)


def _partners(caller: Caller) -> bool:
    """Tell whether there is a colleague in this world to whom the caller could give an exception."""
    return caller.organization in {None, "acme", "globex"}


def _of_kind(*kinds: str) -> rules.Rule:
    return lambda caller, item: rules.status(item) in kinds


def _in_use(caller: Caller, item: Thing) -> bool:
    return rules.status(item) != "archived"


def _in_force(caller: Caller, exception: Thing) -> bool:
    return rules.status(exception) != "over"


def _tag(world: World, caller: Caller, item: Thing) -> str:
    """Return the version of an item as who may change it reads it."""
    who = {"acme": "dana", "globex": "hank"}[item.organization]
    if not item.lives:
        return "none"
    tag: str = world.players[who].response("GET", f"/enablement-items/{item.id}").headers["ETag"]
    return tag


def _changed(world: World, caller: Caller, item: Any) -> dict[str, Any]:
    return {"json": {"title": "What they do now"}, "tag": _tag(world, caller, item)}


def _colleague(world: World, caller: Caller) -> str:
    return world.person_id({"acme": "nora", "globex": "gina"}.get(caller.organization or "", "ines"))


def _result(world: World, caller: Caller, item: Any) -> dict[str, Any]:
    return {"json": PASSED | {"user_id": _colleague(world, caller)}}


def _result_by_key(world: World, caller: Caller, item: Any) -> dict[str, Any]:
    given = PASSED | {"user_id": _colleague(world, caller), "item_id": item.id}
    return {"json": given, "path": {"connector": "lms", "external_id": "42"}}


def _exception(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"json": GRANTED | {"user_id": _colleague(world, caller)}}


def _answers(caller: Caller, proposition: Thing) -> bool:
    """Tell whether the caller is a member of the partnership in which something is said."""
    return _is_member(caller) and rules.SEES["proposition"](caller, proposition)


def _proposed_to(caller: Caller, proposition: Thing) -> bool:
    return proposition.state in _WAITING and caller.organization == proposition.other


def _proposed_by(caller: Caller, proposition: Thing) -> bool:
    return proposition.state in _WAITING and caller.organization == proposition.organization


SAID: Final = {
    "locale": "en",
    "sentences": ["One.", "Two.", "Three."],
    "question": "What first?",
    "answers": ["One", "Two"],
    "right_answer": 0,
}
_ENTERED: Final = _of_kind("course", "certificate", "live_session")
_OFF: Final = {"registering": "off", "receiving": "off"}

CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "make_enablement_item": (Cells(on="partnership", sees=rules.joins, body=lambda *_: {"json": ITEM}),),
    "list_enablement_items": (Cells(on="partnership", sees=rules.lives_for),),
    "read_enablement_item": (Cells(on="enablement item"),),
    "list_enablement_item_versions": (Cells(on="enablement item"),),
    "change_enablement_item": (Cells(on="enablement item", sees=keeps, goes=_in_use, body=_changed),),
    "archive_enablement_item": (Cells(on="enablement item", sees=keeps, goes=_in_use),),
    "tell_enablement": (Cells(on="partnership", sees=rules.joins),),
    "start_enablement_item": (Cells(on="enablement item", goes=_in_use),),
    "acknowledge_enablement_item": (Cells(on="enablement item", goes=_of_kind("acknowledge")),),
    "answer_enablement_quiz": (
        Cells(on="enablement item", goes=_of_kind("course"), body=lambda *_: {"json": {"answers": [0, 1]}}),
    ),
    "enter_enablement_result": (Cells(on="enablement item", sees=keeps, goes=_ENTERED, body=_result),),
    "put_enablement_result": (Cells(on="enablement item", hidden=422, goes=_ENTERED, body=_result_by_key),),
    "list_enablement_results": (Cells(),),
    "read_enablement": (Cells(on="partnership", sees=rules.lives_for),),
    "read_enablement_of_people": (Cells(on="partnership", sees=rules.joins, goes=lambda *_: False, refused=403),),
    "read_enablement_gates": (Cells(on="partnership", sees=rules.lives_for),),
    "set_enablement_gates": (Cells(on="partnership", sees=rules.joins, body=lambda *_: {"json": _OFF}),),
    "grant_enablement_exception": (Cells(on="partnership", sees=rules.joins, body=_exception, only=_partners),),
    "list_enablement_exceptions": (Cells(on="partnership", sees=rules.lives_for),),
    "end_enablement_exception": (Cells(on="exception", goes=_in_force),),
    "propose_value_proposition": (Cells(on="partnership", sees=rules.joins, body=lambda *_: {"json": SAID}),),
    "list_value_propositions": (Cells(lists="proposition"),),
    "read_value_proposition": (Cells(on="proposition"),),
    "agree_value_proposition": (Cells(on="proposition", sees=_answers, goes=_proposed_to),),
    "decline_value_proposition": (Cells(on="proposition", sees=_answers, goes=_proposed_to),),
    "withdraw_value_proposition": (Cells(on="proposition", sees=_answers, goes=_proposed_by),),
    "check_value_proposition": (
        Cells(on="proposition", goes=rules.stands("agreed"), body=lambda *_: {"json": {"answer": 0}}),
    ),
    "read_coverage": (Cells(on="partnership", sees=rules.joins),),
    "read_coverage_groups": (
        Cells(on="partnership", sees=rules.joins, goes=lambda caller, _: "leads:all" in caller.scopes, refused=403),
    ),
    "open_pulse": (
        Cells(on="partnership", sees=rules.joins, goes=rules.stands("strangers'"), body=lambda *_: {"json": {}}),
    ),
    "list_pulses": (Cells(on="partnership", sees=rules.joins),),
}


def _kept(world: World, caller: Caller, item: Any) -> dict[str, Any]:
    version = _tag(world, caller, item).strip('"')
    return {"data": {"title": "What they do now", "roles": "seller", "renew_days": "30", "version": version}}


def _by_day(world: World, caller: Caller, item: Any) -> dict[str, Any]:
    return {"data": {"user_id": _colleague(world, caller), "outcome": "passed", "happened_on": "2026-01-31"}}


def _pass(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"data": {"user_id": _colleague(world, caller), "reason": "Fully booked.", "until_on": "2098-01-01"}}


def _in_living(world: World, caller: Caller, exception: Any) -> dict[str, Any]:
    return {"path": {"partnership_id": world.living, "exception_id": exception.id}}


def _given(world: World, caller: Caller, pulse: Any) -> dict[str, Any]:
    return {"path": {"partnership_id": world.living, "round_id": pulse.id}, "data": {"rung": "4"}}


SAID_ON_PAGE: Final = {
    **{f"sentence_{place}": "One." for place in (1, 2, 3)},
    "locale": "en",
    "question": "What first?",
    "answers": "* One\nTwo",
}
PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "enablement_pages.my_enablement": (Cells(),),
    "enablement_pages.item": (Cells(on="enablement item"),),
    "enablement_pages.start_item": CELLS["start_enablement_item"],
    "enablement_pages.acknowledge_item": CELLS["acknowledge_enablement_item"],
    "enablement_pages.answer_quiz": (
        Cells(
            on="enablement item",
            goes=_of_kind("course"),
            body=lambda *_: {"data": {"answers.0": "0", "answers.1": "1"}},
        ),
    ),
    "enablement_pages.enter_result": (Cells(on="enablement item", sees=keeps, goes=_ENTERED, body=_by_day),),
    "enablement_pages.programme": (Cells(on="partnership", sees=rules.joins),),
    "enablement_pages.people": CELLS["read_enablement_of_people"],
    "enablement_pages.set_gates": (Cells(on="partnership", sees=rules.joins, body=lambda *_: {"data": _OFF}),),
    "enablement_pages.grant_exception": (Cells(on="partnership", sees=rules.joins, body=_pass, only=_partners),),
    "enablement_pages.end_exception": (Cells(on="exception", goes=_in_force, body=_in_living),),
    "enablement_pages.tell_programme": CELLS["tell_enablement"],
    "enablement_pages.new_item": (Cells(on="partnership", sees=rules.joins),),
    "enablement_pages.make_item": (
        Cells(
            on="partnership",
            sees=rules.joins,
            body=lambda *_: {"data": ITEM | {"roles": "seller", "pass_percent": "80", "renew_days": "30"}},
        ),
    ),
    "enablement_pages.edit_item": (Cells(on="enablement item", sees=keeps),),
    "enablement_pages.change_item": (Cells(on="enablement item", sees=keeps, goes=_in_use, body=_kept),),
    "enablement_pages.archive_item": CELLS["archive_enablement_item"],
    "enablement_pages.pitches": (Cells(),),
    "enablement_pages.pitch": (Cells(on="proposition"),),
    "enablement_pages.check_pitch": (
        Cells(on="proposition", goes=rules.stands("agreed"), body=lambda *_: {"data": {"answer": "0"}}),
    ),
    **{
        f"enablement_pages.{verb}_pitch": CELLS[f"{verb}_value_proposition"]
        for verb in ("agree", "decline", "withdraw")
    },
    "enablement_pages.new_pitch": (Cells(on="partnership", sees=rules.joins),),
    "enablement_pages.propose_pitch": (
        Cells(on="partnership", sees=rules.joins, body=lambda *_: {"data": SAID_ON_PAGE}),
    ),
    "enablement_pages.coverage": (Cells(on="partnership", sees=rules.joins),),
    "enablement_pages.open_pulse": (
        Cells(on="partnership", sees=rules.joins, goes=rules.stands("strangers'"), body=lambda *_: {"data": {}}),
    ),
    "enablement_pages.give_pulse": (Cells(on="pulse", body=_given),),
}
