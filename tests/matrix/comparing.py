"""The world's account mappings in every state, an epoch that told and one that froze, and what is done to them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from partnercrm.accounts.actions import epochs, populations
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.candidates import Candidate
from partnercrm.accounts.models.mapping import MappingFreeze
from partnercrm.accounts.models.yeses import Opening
from partnercrm.accounts.queries import mapping, overlaps, times
from partnercrm.accounts.times import month_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.factories.mapping import ByDomain, ByDomainOrName
from tests.matrix.joining import PAGE_CELLS as OF_JOINT_ACCOUNTS
from tests.matrix.people import MEMBERS, PEOPLE, Caller, colleagues
from tests.matrix.rules import Cells, joins, stands
from tests.matrix.teaching import PAGE_CELLS as TEACHING_PAGES
from tests.matrix.things import Thing, World

BASELINE: Final = {"list_minutes": 480, "month_minutes": 600}
CUSTOMERS: Final = {"relationship": ["customer"]}


def agree(world: World) -> None:
    """Let mappings have been proposed, declined, stopped and agreed; both sides have one company in common."""
    for who in ("dana", "hank", "hugo", "ines"):
        _population(world, who)
    both = [*colleagues("acme"), *colleagues("globex")]
    perhaps = world.canaries.word("name that both have, and that may be of two companies", both)
    for who in ("sam", "gina"):
        _account(world, who, "in common", "in-common.com")
        _account(world, who, "perhaps", f"perhaps-{who}.com", name=perhaps)
    _account(world, "gina", "made up", "made-up.com")
    _account(world, "dana", "made up", "made-up.com", relationship="prospect")
    _mapping(world, "hank", "dana", "proposed")
    _mapping(world, "dana", "hank", "declined", "decline")
    _mapping(world, "hank", "dana", "stopped", "agree", "stop")
    _mapping(world, "dana", "hank", "agreed", "agree")
    _mapping(world, "hugo", "ines", "proposed")
    for who in ("dana", "hank", "sam"):
        _yes(world, who)
    time = f"/partnerships/{world.living}/time"
    world.players["dana"].call("POST", f"{time}-baseline", json=BASELINE, expect=200)
    told = {"month": month_of(clock.now()), "minutes": 90}
    world.players["dana"].call("POST", time, json=told, expect=200)
    for who, state in (("sam", "own"), ("gina", "partner's"), ("ines", "stranger's")):
        path = f"/accounts/{world.one('account', state).id}/losses"
        lost = world.players[who].call("POST", path, json={"lost_on": "2026-01-30"}, expect=201)
        world.things.append(Thing("loss", state, PEOPLE[who].organization, lost["id"], owner=who))


def _yes(world: World, who: str) -> None:
    """Let somebody say yes: two of the company in common, which open with the epoch, the third of another."""
    opens, player = who != "sam", world.players[who]
    common = player.call("GET", "/accounts/by-key/made/in common", expect=200)["id"]
    account = common if opens else world.one("account", "own").id
    reach = world.canaries.word(f"how {who} is reached", ("dana", "hank") if opens else (who,))
    given = {"partnership_id": world.living, "reach": reach}
    said = player.call("POST", f"/accounts/{account}/yeses", json=given, expect=201)
    ours = PEOPLE[who].organization
    world.things.append(Thing("yes", "answered" if opens else "alone", ours, said["id"], owner=who))


def compare(world: World) -> None:
    """Run, as the worker does, one epoch that tells, and one in which Globex lists what Acme made up for it."""
    acme, living = Actor.system(world.organizations["acme"]), UUID(world.living)
    epochs.run_epoch(acme, living, ByDomainOrName())
    with db.transaction(acme, read_only=True):
        opening_id = db.session().scalars(select(Opening.id)).one()
        candidate_id = db.session().scalars(select(Candidate.candidate_id)).one()
    world.things.append(Thing("candidate", "open", "acme", str(candidate_id), other="globex"))
    world.things.append(Thing("opening", "made", "acme", str(opening_id), owner="dana", other="hank"))
    with db.transaction(acme):
        made_up = Account.external_id == "made up", Account.organization_id == acme.organization_id
        db.session().execute(update(Account).where(*made_up).values(seeded_for=living))
    with clock.at(clock.now() + timedelta(days=40)):
        epochs.run_epoch(acme, living, ByDomain())
    with db.transaction(acme, read_only=True):
        freeze_id = db.session().scalars(select(MappingFreeze.id)).one()
    world.things.append(Thing("freeze", "standing", "acme", str(freeze_id), other="globex"))


def _population(world: World, who: str) -> None:
    actor = world.players[who].actor
    name = world.canaries.word(f"name of {who}'s population", colleagues(PEOPLE[who].organization))
    with db.transaction(actor):
        made = populations.make_population(actor, {"name": name, "criteria": CUSTOMERS})
    world.places[f"population of {PEOPLE[who].organization}"] = str(made.id)


def _account(
    world: World, who: str, key: str, domain: str, *, relationship: str = "customer", name: str | None = None
) -> None:
    readers = [*colleagues(PEOPLE[who].organization), *(MEMBERS if key == "in common" else ())]
    given = {
        "name": name or world.canaries.word(f"name of {who}'s account {key}", readers),
        "city": world.canaries.word(f"city of {who}'s account {key}", colleagues(PEOPLE[who].organization)),
        "web_domains": [domain],
        "relationship": relationship,
        "connector": "made",
        "external_id": key,
    }
    world.players[who].call("POST", "/accounts", json=given, expect=201)


def _mapping(world: World, proposer: str, other: str, state: str, *verbs: str) -> None:
    strange = proposer == "hugo"
    readers = ("hugo", "ines") if strange else MEMBERS
    given = {
        "partnership_id": world.one("partnership", "strangers'").id if strange else world.living,
        "population_id": world.places[f"population of {PEOPLE[proposer].organization}"],
        "label": world.canaries.word(f"label of a {state} mapping of {proposer}'s", readers),
        "tier": "overlaps_with_fields",
        "shown": ["name"],
    }
    mapping_id = world.players[proposer].call("POST", "/mappings", json=given, expect=201)["id"]
    for verb in verbs:
        label = world.canaries.word(f"other label of a {state} mapping", readers)
        agreed = {"population_id": world.places[f"population of {PEOPLE[other].organization}"], "label": label}
        body = {"json": agreed} if verb == "agree" else {}
        world.players[other].call("POST", f"/mappings/{mapping_id}/{verb}", expect=200, **body)
    ours, theirs = PEOPLE[proposer].organization, PEOPLE[other].organization
    named = "strangers'" if strange else state
    world.things.append(Thing("mapping", named, ours, mapping_id, other=theirs))


def _own_population(world: World, caller: Caller) -> str:
    return world.places.get(f"population of {caller.organization}", world.places["population of acme"])


def _proposing(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    told = {"partnership_id": partnership.id, "population_id": _own_population(world, caller), "tier": "counts"}
    return {"json": told}


def _agreeing(world: World, caller: Caller, mapping: Any) -> dict[str, Any]:
    return {"json": {"population_id": _own_population(world, caller)}}


def _proposed_to(caller: Caller, one: Thing) -> bool:
    return one.state in {"proposed", "strangers'"} and caller.organization == one.other


def _proposed_by(caller: Caller, one: Thing) -> bool:
    return one.state in {"proposed", "strangers'"} and caller.organization == one.organization


def _own(caller: Caller, account: Thing) -> bool:
    return caller.organization == account.organization


def _telling(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"json": {"month": month_of(clock.now()), "minutes": 30}}


def _owned(caller: Caller, account: Thing) -> bool:
    return bool(caller.person and caller.person.name == account.owner)


def _losing(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    return {"json": {"lost_on": "2026-01-31"}}


def _losing_by_key(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    place = {"account_key": account.place["external_id"], "external_id": "lost"}
    return {"json": {"lost_on": "2026-01-31"}, "path": place}


def _joined(caller: Caller, account: Thing) -> bool:
    return bool(caller.person and caller.person.name in MEMBERS)


def _saying(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    return {"json": {"partnership_id": world.living}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "propose_mapping": (Cells(on="partnership", sees=joins, hidden=422, body=_proposing),),
    "list_mappings": (Cells(lists="mapping"),),
    "read_mapping": (Cells(on="mapping"),),
    "agree_mapping": (Cells(on="mapping", goes=_proposed_to, body=_agreeing),),
    "decline_mapping": (Cells(on="mapping", goes=_proposed_to),),
    "withdraw_mapping": (Cells(on="mapping", goes=_proposed_by),),
    "stop_mapping": (Cells(on="mapping", goes=stands("agreed")),),
    "list_overlaps": (Cells(on="mapping"),),
    "list_others": (Cells(on="mapping"),),
    "read_matrix": (Cells(on="partnership", sees=joins),),
    "list_epochs": (Cells(on="partnership", sees=joins),),
    "read_mapping_budget": (Cells(on="partnership", sees=joins),),
    "lift_freeze": (Cells(on="freeze"),),
    "read_introductions": (Cells(on="account"),),
    "list_candidates": (Cells(lists="candidate"),),
    "confirm_candidate": (Cells(on="candidate"),),
    "reject_candidate": (Cells(on="candidate"),),
    "lose_account": (Cells(on="account", sees=_own, goes=_owned, refused=403, body=_losing),),
    "make_card": (Cells(on="account", sees=_own, body=lambda *_: {"json": {}}),),
    "make_card_by_key": (Cells(on="account", sees=_own, body=lambda *_: {"json": {}}),),
    "put_loss": (Cells(on="account", sees=_own, goes=_owned, refused=403, body=_losing_by_key),),
    "retract_loss": (
        Cells(
            on="account",
            sees=_own,
            goes=_owned,
            refused=403,
            body=lambda *asked: {"path": _losing_by_key(*asked)["path"]},
        ),
    ),
    "list_losses": (Cells(lists="loss"),),
    "withdraw_loss": (Cells(on="loss"),),
    "read_loss_total": (Cells(),),
    "read_time": (Cells(on="partnership", sees=joins),),
    "tell_time": (Cells(on="partnership", sees=joins, body=_telling),),
    "state_time_baseline": (Cells(on="partnership", sees=joins, body=lambda *_: {"json": BASELINE}),),
    "say_yes": (Cells(on="account", sees=_own, goes=_joined, refused=422, body=_saying),),
    "list_yeses": (Cells(lists="yes"),),
    "take_yes_back": (Cells(on="yes"),),
    "list_openings": (Cells(lists="opening"),),
    "read_opening": (Cells(on="opening"),),
}


def _of_member(caller: Caller, account: Thing) -> bool:
    return caller.organization == account.organization and bool(caller.person and caller.person.name in MEMBERS)


def _in_living(world: World, caller: Caller, account: Any) -> dict[str, Any]:
    return {"path": {"partnership_id": world.living, "account_id": account.id}}


def _form(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
            return {"data": cells.body(world, caller, thing)["json"]} if cells.body else {}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


def _proposing_on_page(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"data": {"population_id": _own_population(world, caller), "tier": "counts"}}


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    **OF_JOINT_ACCOUNTS,
    "accounts_pages.mappings": (Cells(on="partnership", sees=joins),),
    "accounts_pages.propose_mapping": (Cells(on="partnership", sees=joins, body=_proposing_on_page),),
    "accounts_pages.mapping": (Cells(on="mapping"),),
    "accounts_pages.shared_accounts": (Cells(),),
    "leads_pages.offer_of_account": (Cells(on="account", sees=_of_member, body=_in_living),),
    "accounts_pages.candidate": (Cells(on="candidate"),),
    "accounts_pages.confirm_candidate": (Cells(on="candidate"),),
    "accounts_pages.reject_candidate": (Cells(on="candidate"),),
    "accounts_pages.lose_account": _form("lose_account"),
    "accounts_pages.withdraw_loss": (Cells(on="loss"),),
    "accounts_pages.time": (Cells(on="partnership", sees=joins),),
    "accounts_pages.tell_time": _form("tell_time"),
    "accounts_pages.state_time_baseline": _form("state_time_baseline"),
    "accounts_pages.openings": (Cells(),),
    "accounts_pages.opening": (Cells(on="opening"),),
    "accounts_pages.freeze": (Cells(on="freeze"),),
    "accounts_pages.lift_freeze": CELLS["lift_freeze"],
    **{
        f"accounts_pages.{name}": _form(name)
        for name in ("agree_mapping", "decline_mapping", "withdraw_mapping", "stop_mapping", "say_yes", "take_yes_back")
    },
    **TEACHING_PAGES,
}
# What is told of these carries no mark: the queries themselves are asked.
UNMARKED: Final[dict[str, Callable[[Actor, World], Sequence[Any]]]] = {
    "cells_seen_by": lambda actor, _: db.session().scalars(mapping.cells_seen_by(actor)).all(),
    "clusters_seen_by": lambda actor, _: db.session().scalars(overlaps.clusters_seen_by(actor)).all(),
    "copies_seen_by": lambda actor, world: [
        one
        for one in db.session().scalars(overlaps.copies_seen_by(actor))
        if one.receiver_id == world.organizations["acme"]
    ],
    "epochs_seen_by": lambda actor, _: [
        one for one in db.session().scalars(mapping.epochs_seen_by(actor)) if not one.is_frozen
    ],
    "baselines_seen_by": lambda actor, _: db.session().scalars(times.baselines_seen_by(actor)).all(),
    "times_seen_by": lambda actor, _: db.session().scalars(times.times_seen_by(actor)).all(),
    "freezes_seen_by": lambda actor, _: db.session().scalars(mapping.freezes_seen_by(actor)).all(),
}
