"""The world's deals that two sides work on, and what is done to them."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

from partnercrm.deals.queries import baselines, selling, working
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.factories.deals import attached
from tests.matrix import earning, paying, sharing
from tests.matrix.dealing import form_of, go, logged_now, register, registered, sent, today
from tests.matrix.joining import version_at
from tests.matrix.people import MEMBERS, PEOPLE, Caller
from tests.matrix.rules import Cells, joins, never, stands
from tests.matrix.things import Thing, World

OPEN: Final = ("open", "committed", "strangers'")
BASELINE: Final = {"won": 40, "lost": 60, "days": 90}


def sell(world: World) -> None:
    """Let there be plans and deals: one that either side works on, one won, one that Acme only knows of."""
    paying.pay(world)
    register(world)
    known, begun = world.one("registration", "known"), registered(world, "hugo", "ines", "begun")
    go(world, "dana", known.id, "approve", MEMBERS)
    go(world, "ines", begun.id, "approve", ("hugo", "ines"))
    _deal_of(world, world.one("registration", "approved"), "deal", "open")
    _deal_of(world, world.one("registration", "extended"), "deal", "won", "committed", "closed_won")
    for company, stages in (("committed", ("committed",)), ("lost", ("closed_lost",))):
        world.things.append(one := registered(world, "sam", "hank", company))
        go(world, "hank", one.id, "approve", MEMBERS)
        _deal_of(world, one, "deal", company, *stages)
    _deal_of(world, known, "known deal", "open")
    _deal_of(world, begun, "deal", "strangers'")
    _write(world, world.one("deal", "open"), "sam", MEMBERS)
    _write(world, world.one("deal", "open"), "gina", MEMBERS, "next_step")
    _write(world, world.one("deal", "strangers'"), "hugo", ("hugo", "ines"), "next_step")
    _attach(world, world.one("deal", "open"), "sam", MEMBERS)
    _attach(world, world.one("deal", "open"), "gina", MEMBERS)
    _attach(world, world.one("deal", "strangers'"), "hugo", ("hugo", "ines"))
    for who in ("sam", "gina"):
        met = {"kind": "need_confirmed", "happened_at": "2026-02-02T22:22:22Z"}
        world.players[who].call("POST", f"/deals/{world.one('deal', 'open').id}/log", json=met, expect=201)
        own = [name for name in MEMBERS if PEOPLE[name].organization == PEOPLE[who].organization]
        kept = {name: world.canaries.word(f"{name} in {who}'s book", own) for name in ("own_stage", "notes")}
        kept["price"] = {"amount": world.canaries.amount(f"price in {who}'s book", own), "currency": "EUR"}
        path = f"/deals/{world.one('deal', 'open').id}/book"
        tag = world.players[who].response("GET", path).headers["ETag"]
        world.players[who].call("PATCH", path, json=kept, if_match=tag, expect=200)
    sharing.share(world)
    earning.earn(world)

    for who in ("dana", "hank"):
        own = [name for name in MEMBERS if PEOPLE[name].organization == PEOPLE[who].organization]
        amount = world.canaries.amount(f"what {who}'s side wins alone", own)
        stated = {**BASELINE, "value": {"amount": amount, "currency": "EUR"}}
        path = f"/partnerships/{world.living}/sales-baseline"
        world.players[who].call("POST", path, json=stated, expect=200)


def _write(world: World, one: Thing, who: str, readers: tuple[str, ...], kind: str = "comment") -> None:
    """Let somebody write about a deal."""
    text = world.canaries.word(f"{kind} of {who}'s on a deal", readers)
    written = world.players[who].call("POST", f"/deals/{one.id}/entries", json={"kind": kind, "text": text}, expect=201)
    state = "strangers'" if one.state == "strangers'" else kind
    world.things.append(replace(one, kind="deal entry", state=state, id=written["id"]))


def _attach(world: World, one: Thing, who: str, readers: tuple[str, ...]) -> None:
    """Let somebody put a file to a deal."""
    name = world.canaries.word(f"name of {who}'s file", readers)
    content = world.canaries.word(f"words in {who}'s file", readers)
    made = attached(world.players[who], {"id": one.id}, f"{name}.txt", content.encode())
    world.things.append(replace(one, kind="deal file", organization=PEOPLE[who].organization, owner=who, id=made["id"]))


def _sent_file(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"data": {"file": (BytesIO(b"Seen."), "Seen.txt")}}


def _removes(caller: Caller, one: Thing) -> bool:
    """Tell whether the caller put the file there, or manages deals for whoever did."""
    who = caller.person.name if caller.person else ""
    return _works_there(caller, one) and (who == one.owner or "deals:review" in caller.scopes)


def _deal_of(world: World, registration: Thing, kind: str, state: str, *moves: str) -> None:
    """Find the deal that a registration opened, and move it on."""
    player = world.players[registration.owner or ""]
    listed = player.call("GET", "/deals", expect=200)["items"]
    deal_id = next(one["id"] for one in listed if one["registration_id"] == registration.id)
    for stage in moves:
        tag = player.response("GET", f"/deals/{deal_id}").headers["ETag"]
        given = {"stage": stage} | ({"reason": "price"} if stage == "closed_lost" else {})
        player.call("POST", f"/deals/{deal_id}/move", json=given, if_match=tag, expect=200)
    world.tags[deal_id] = player.response("GET", f"/deals/{deal_id}").headers["ETag"]
    world.things.append(replace(registration, kind=kind, state=state, id=deal_id))


def logged(actor: Actor, world: World) -> Sequence[Any]:
    """Return what Acme logged for the deal that both sides work on."""
    found = db.session().scalars(selling.deal_events_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]]


def stated(actor: Actor, world: World) -> Sequence[Any]:
    """Return what Acme says it wins alone."""
    found = db.session().scalars(baselines.sales_baselines_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]]


def named(actor: Actor, world: World) -> Sequence[Any]:
    """Return whom Acme named to work on the deal that both sides work on."""
    found = db.session().scalars(working.deal_people_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]]


UNMARKED: Final = {
    "deal_events_seen_by": logged,
    "sales_baselines_seen_by": stated,
    "deal_people_seen_by": named,
}


def _works_there(caller: Caller, one: Thing) -> bool:
    return caller.organization == one.organization


def _kept_by(world: World, caller: Caller, one: Any) -> dict[str, Any]:
    return {"tag": version_at("/deals/{}/book")(world, caller, one), "json": {"notes": "Mine."}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "list_deals": (Cells(lists="deal"), Cells(lists="known deal")),
    **{name: (Cells(on="deal"), Cells(on="known deal")) for name in ("read_deal", "list_deal_states")},
    "read_deal_team": (Cells(on="deal"), Cells(on="known deal")),
    "list_deal_entries": (Cells(on="deal"), Cells(on="known deal")),
    **{
        name: (Cells(on="deal", body=sent(**given)), Cells(on="known deal", body=sent(**given)))
        for name, given in (
            ("name_deal_team", {"member_ids": []}),
            ("write_deal_entry", {"kind": "comment", "text": "Seen."}),
        )
    },
    "list_deal_files": (Cells(on="deal"), Cells(on="known deal")),
    "attach_deal_file": (Cells(on="deal", body=_sent_file), Cells(on="known deal", body=_sent_file)),
    "read_deal_file": (Cells(on="deal file"),),
    "read_deal_file_content": (Cells(on="deal file"),),
    "remove_deal_file": (Cells(on="deal file", goes=_removes, refused=403),),
    "finish_deal_step": (Cells(on="deal entry", goes=stands("next_step", "strangers'")),),
    **{
        name: (Cells(on="partnership", sees=joins),)
        for name in ("read_late_involvement", "read_drift", "read_own_sales")
    },
    "state_sales_baseline": (Cells(on="partnership", sees=joins, body=sent(**BASELINE)),),
    "read_attribution": (Cells(on="deal"), Cells(on="known deal")),
    "log_deal_event": (
        Cells(on="deal", goes=stands(*OPEN), body=logged_now),
        Cells(on="known deal", body=logged_now),
    ),
    "read_deal_book": (Cells(on="deal"), Cells(on="known deal")),
    "keep_deal_book": (Cells(on="deal", body=_kept_by), Cells(on="known deal", body=_kept_by)),
    "read_deal_timeline": (Cells(on="deal"), Cells(on="known deal")),
    **{
        name: (
            Cells(on="deal", goes=stands(*OPEN), body=sent(**given)),
            Cells(on="known deal", goes=_works_there, refused=403, body=sent(**given)),
        )
        for name, given in (("move_deal", {"stage": "qualified"}), ("change_deal", {"close_on": "2040-01-31"}))
    },
    # What opened a deal is not undone, nor what the other side did.
    "undo_change": (
        Cells(on="deal", goes=lambda caller, one: one.state == "committed" and _works_there(caller, one)),
        Cells(on="known deal", goes=never, only=lambda caller: caller.organization != "acme"),
        Cells(on="known deal", goes=never, refused=403, only=lambda caller: caller.organization == "acme"),
    ),
    **earning.CELLS,
}


def _based(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON, based on what is read."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, one: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, one) if cells.body else {}
            version = asked.get("tag", world.tags.get(one.id, "none"))
            return {"data": {"version": version, **asked.get("json", {})}}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "deals_pages.deals": (Cells(),),
    "deals_pages.selling": (Cells(on="partnership", sees=joins),),
    "deals_pages.state_sales_baseline": form_of("state_sales_baseline", CELLS),
    "deals_pages.list_deals": (Cells(),),
    **{
        f"deals_pages.{name}": (Cells(on="deal"), Cells(on="known deal"))
        for name in ("deal", "deal_book", "attribution")
    },
    "deals_pages.name_deal_team": form_of("name_deal_team", CELLS),
    "deals_pages.write_deal_comment": tuple(
        Cells(on=kind, body=lambda *_: {"data": {"text": "Seen."}}) for kind in ("deal", "known deal")
    ),
    "deals_pages.plan_deal_step": tuple(
        Cells(on=kind, body=lambda *_: {"data": {"step": "Call them."}}) for kind in ("deal", "known deal")
    ),
    "deals_pages.deal_entry": (Cells(on="deal entry"),),
    "deals_pages.attach_deal_file": CELLS["attach_deal_file"],
    "deals_pages.deal_file": CELLS["read_deal_file"],
    "deals_pages.deal_file_content": CELLS["read_deal_file_content"],
    "deals_pages.remove_deal_file": CELLS["remove_deal_file"],
    "deals_pages.finish_deal_step": form_of("finish_deal_step", CELLS),
    "deals_pages.log_deal_event": (
        Cells(on="deal", goes=stands(*OPEN), body=today),
        Cells(on="known deal", body=today),
    ),
    **{f"deals_pages.{name}": _based(name) for name in ("move_deal", "change_deal", "undo_change", "keep_deal_book")},
    **earning.PAGE_CELLS,
}
