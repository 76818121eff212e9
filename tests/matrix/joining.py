"""The world's joint accounts in every state, and what is done to them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from partnercrm.accounts.queries import flows, plans, withheld
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.matrix.people import MEMBERS, PEOPLE, Caller
from tests.matrix.rules import Body, Cells, joins, stands
from tests.matrix.things import Thing, World


def join(world: World) -> None:
    """Let joint accounts be proposed by either side, open, declined; strangers have one of their own."""
    _joint(world, "dana", "hank", "proposed")
    _joint(world, "gina", "sam", "proposed")
    _joint(world, "sam", "gina", "open", "agree")
    _joint(world, "hank", "dana", "declined", "decline")
    world.places["joint account of gina's"] = world.things[-3].id
    for state in ("open beside", "merged"):
        _joint(world, "sam", "gina", state, "agree")
    merged = world.one("joint account", "merged")
    world.things.remove(merged)
    beside = world.one("joint account", "open beside")
    path = f"/joint-accounts/{beside.id}/merge"
    world.players["dana"].call("POST", path, json={"other_id": merged.id}, expect=200)
    world.places |= {"joint account beside": beside.id, "joint account merged": merged.id}
    _joint(world, "hugo", "ines", "strangers'")
    plan(world)
    withhold(world)


def plan(world: World) -> None:
    """Let both sides plan what they work on, and each note something for itself; strangers as well."""
    for who, state, readers in (
        ("sam", "open", MEMBERS),
        ("gina", "open", MEMBERS),
        ("dana", "open beside", MEMBERS),
    ):
        path = f"/joint-accounts/{world.one('joint account', state).id}"
        player = world.players[who]
        words = {name: world.canaries.word(f"{name} by {who}", readers) for name in ("goal", "proposition")}
        tag = player.response("GET", path).headers["ETag"]
        player.call("PATCH", path, json=words, if_match=tag, expect=200)
        line = {"kind": "next_step", "text": world.canaries.word(f"step of {who}'s", readers)}
        item = player.call("POST", f"{path}/items", json=line, expect=201)
        world.things.append(Thing("plan item", f"by {who}", PEOPLE[who].organization, item["id"]))
        own = [name for name in readers if PEOPLE[name].organization == PEOPLE[who].organization]
        notes = {"notes": world.canaries.word(f"{who}'s own notes", own)}
        world.places[f"own notes of {who}'s"] = notes["notes"]
        tag = player.response("GET", f"{path}/own").headers["ETag"]
        player.call("PATCH", f"{path}/own", json=notes, if_match=tag, expect=200)


def withhold(world: World) -> None:
    """Let Acme tell Globex no more of what trade one of its accounts is in."""
    path = f"/accounts/{world.one('account', 'own').id}/withhold"
    given = {"partnership_id": world.living, "field": "industry"}
    world.players["dana"].call("POST", path, json=given, expect=200)


def _joint(world: World, proposer: str, other: str, state: str, *verbs: str) -> None:
    readers = ("hugo", "ines") if state == "strangers'" else MEMBERS
    given = {
        "partnership_id": world.one("partnership", "strangers'").id if state == "strangers'" else world.living,
        **{
            name: world.canaries.word(f"{name} of {proposer}'s {state} joint account", readers)
            for name in ("name", "city")
        },
        "domains": [world.canaries.word(f"domain of {proposer}'s {state} joint account", readers) + ".com"],
    }
    joint_id = world.players[proposer].call("POST", "/joint-accounts", json=given, expect=201)["id"]
    for verb in verbs:
        body = {"json": {}} if verb == "agree" else {}
        world.players[other].call("POST", f"/joint-accounts/{joint_id}/{verb}", expect=200, **body)
    ours, theirs = PEOPLE[proposer].organization, PEOPLE[other].organization
    world.things.append(Thing("joint account", state, ours, joint_id, other=theirs))


def _proposing(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"json": {"partnership_id": partnership.id, "name": "Wingtip", "domains": ["wingtip.com"]}}


def _of_account(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    """Name an account by its own domain; all accounts of the world have one number, and so would be one company."""
    return {"json": {"partnership_id": world.living, "account_id": account.id, "numbers": []}}


def _decides(caller: Caller, account: Thing) -> bool:
    """Tell whether the caller may show a partner this account: its owner, or who manages partnerships."""
    who = caller.person.name if caller.person else ""
    is_own = caller.organization == account.organization
    return is_own and who in MEMBERS and (who == account.owner or "partnerships:write" in caller.scopes)


def _asked(caller: Caller, one: Thing) -> bool:
    return one.state in {"proposed", "strangers'"} and caller.organization == one.other


def _closes(caller: Caller, one: Thing) -> bool:
    proposed = one.state in {"proposed", "strangers'"}
    return stands("open", "open beside")(caller, one) or (proposed and caller.organization == one.organization)


def _other(name: str) -> Body:
    """Name another one of the living partnership; beside a stranger's there is only itself."""

    def body(world: World, caller: Caller, one: Any) -> dict[str, Any]:
        other = one.id if one.state == "strangers'" else world.places[f"joint account {name}"]
        return {"json": {"other_id": other}}

    return body


def version_at(path: str) -> Callable[[World, Caller, Any], str]:
    """Return the version that the caller reads now; none where they read nothing."""

    def tag(world: World, caller: Caller, thing: Any) -> str:
        if not (caller.is_alive and caller.person):
            return "none"
        read = world.players[caller.person.name].response("GET", path.format(thing.id))
        return str(read.headers.get("ETag", "none")).strip('"')

    return tag


def _sent(version: Callable[[World, Caller, Any], str], **given: Any) -> Body:
    return lambda world, caller, thing: {"tag": version(world, caller, thing), "json": given}


def _added(caller: Caller, item: Thing) -> bool:
    return caller.organization == item.organization


def _shows(caller: Caller, account: Thing) -> bool:
    """Tell whether the caller is a member of the living partnership, and the account one of its side's."""
    return caller.organization == account.organization and bool(caller.person and caller.person.name in MEMBERS)


def _tells(caller: Caller, account: Thing) -> bool:
    """Tell whether the caller is one who shows, and decides what a partner reads of the account."""
    decides = (
        caller.person is not None and caller.person.name == account.owner
    ) or "partnerships:write" in caller.scopes
    return _shows(caller, account) and (account.owner is None or decides)


def _withheld(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    return {"json": {"partnership_id": world.living, "field": "city"}}


def _as_partner(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    return {"query_string": {"partnership_id": world.living}}


def _in_living(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    return {"path": {"partnership_id": world.living, "account_id": account.id}}


_OPEN: Final = stands("open", "open beside")
_ONE, _OWN = version_at("/joint-accounts/{}"), version_at("/joint-accounts/{}/own")
_ITEM = version_at("/joint-plan-items/{}")
_STEP: Final = {"kind": "next_step", "text": "Call them."}
CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "propose_joint_account": (
        Cells(on="partnership", sees=joins, hidden=422, body=_proposing),
        Cells(on="account", sees=_decides, hidden=422, body=_of_account),
    ),
    "list_joint_accounts": (Cells(lists="joint account"),),
    "read_joint_account": (Cells(on="joint account"),),
    "agree_joint_account": (Cells(on="joint account", goes=_asked, body=lambda *_: {"json": {}}),),
    "decline_joint_account": (Cells(on="joint account", goes=_asked),),
    "merge_joint_account": (Cells(on="joint account", goes=stands("open"), body=_other("beside")),),
    "part_joint_account": (Cells(on="joint account", goes=stands("open beside"), body=_other("merged")),),
    "close_joint_account": (Cells(on="joint account", goes=_closes),),
    "change_joint_account": (Cells(on="joint account", goes=_OPEN, body=_sent(_ONE, goal="To win.")),),
    "read_joint_plan": (Cells(on="joint account"),),
    "name_joint_team": (Cells(on="joint account", goes=_OPEN, body=lambda *_: {"json": {"member_ids": []}}),),
    "read_joint_timeline": (Cells(on="joint account"),),
    "add_plan_item": (Cells(on="joint account", goes=_OPEN, body=lambda *_: {"json": _STEP}),),
    "read_plan_item": (Cells(on="plan item"),),
    "change_plan_item": (Cells(on="plan item", body=_sent(_ITEM, done=True)),),
    "remove_plan_item": (Cells(on="plan item", goes=_added, body=_sent(_ITEM)),),
    "list_flow_reports": (Cells(on="partnership", sees=joins),),
    "read_receipts": (Cells(on="account"),),
    "withhold_field": (Cells(on="account", goes=_shows, refused=422, body=_withheld),),
    "tell_field_again": (Cells(on="account", goes=_tells, refused=422, body=_withheld),),
    "read_account_as_partner": (Cells(on="account", sees=_shows, body=_as_partner),),
    "read_own_side": (Cells(on="joint account"),),
    "keep_own_side": (Cells(on="joint account", body=_sent(_OWN, notes="Mine.")),),
}


def _form(name: str, path: Callable[[World, Caller, Any], str] | None = None) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, thing) if cells.body else {}
            version = {"version": asked["tag"]} if "tag" in asked else {}
            return {"data": asked.get("json", {}) | version}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


def _proposing_on_page(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"data": {"partnership_id": partnership.id, "name": "Wingtip", "domain": "wingtip.com"}}


def _versioned(world: World, caller: Caller, item: Any) -> dict[str, Any]:
    return {"data": {"version": _ITEM(world, caller, item)}}


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "accounts_pages.joint_accounts": (Cells(),),
    "accounts_pages.new_joint_account": (Cells(),),
    "accounts_pages.propose_joint_account": (Cells(on="partnership", sees=joins, hidden=422, body=_proposing_on_page),),
    "accounts_pages.joint_account": (Cells(on="joint account"),),
    "accounts_pages.joint_account_as_partner": (Cells(on="joint account"),),
    "accounts_pages.flow_reports": (Cells(on="partnership", sees=joins),),
    "accounts_pages.receipts": (Cells(on="account"),),
    "accounts_pages.account_as_partner": (Cells(on="account", sees=_shows, body=_in_living),),
    "accounts_pages.plan_item": (Cells(on="plan item"),),
    "accounts_pages.finish_step": (Cells(on="plan item", body=_versioned),),
    "accounts_pages.remove_plan_item": (Cells(on="plan item", goes=_added, body=_versioned),),
    "accounts_pages.change_joint_plan": _form("change_joint_account"),
    **{
        f"accounts_pages.{name}": _form(name)
        for name in (
            *("agree_joint_account", "decline_joint_account", "close_joint_account", "merge_joint_account"),
            *("part_joint_account", "name_joint_team", "add_plan_item", "keep_own_side"),
            *("withhold_field", "tell_field_again"),
        )
    },
}

# What tells no more than that a row is there, or is read behind a joint account, which is a guard of its own.
UNMARKED: Final[dict[str, Callable[[Actor, World], Sequence[Any]]]] = {
    "people_seen_by": lambda actor, world: [
        one
        for one in db.session().scalars(plans.people_seen_by(actor))
        if str(one.joint_account_id) == world.places["joint account of gina's"]
    ],
    "sides_seen_by": lambda actor, world: [
        one
        for one in db.session().scalars(plans.sides_seen_by(actor))
        if one.notes == world.places["own notes of dana's"]
    ],
    "withheld_seen_by": lambda actor, _: [
        one for one in db.session().scalars(withheld.withheld_seen_by(actor)) if one.field == "industry"
    ],
    "flow_reports_seen_by": lambda actor, _: db.session().scalars(flows.flow_reports_seen_by(actor)).all(),
}
