"""Accounts of every organization in the world of the matrix, and the cells of what is done with them."""

from typing import Any, Final

from tests.cast import Player
from tests.factories import accounts
from tests.factories.leads import KNOWN
from tests.matrix import rules
from tests.matrix.people import PEOPLE, Caller, colleagues
from tests.matrix.rules import Cells
from tests.matrix.things import Thing, World

WINGTIP: Final = {"name": "Wingtip"}
SEGMENT: Final = {"name": "Customers in Germany", "criteria": {"country": ["DE"]}}


def enter(world: World) -> None:
    """Let people of each company enter accounts of their own."""
    for who, state in (("sam", "own"), ("dana", "colleague's"), ("gina", "partner's"), ("ines", "stranger's")):
        account(world, who, state)


def account(world: World, who: str, state: str) -> str:
    """Enter an account, which colleagues read who may read accounts."""
    ours = PEOPLE[who].organization
    readers = [name for name in colleagues(ours) if "accounts:read" in PEOPLE[name].scopes]

    def plant(what: str) -> str:
        return world.canaries.word(f"{what} of {who}'s {state} account", readers)

    given: dict[str, Any] = {
        **{name: plant(name) for name in ("name", "street", "city", "region", "industry", "external_id")},
        "web_domains": [plant("web domain") + ".example"],
        "mail_domains": [plant("mail domain") + ".example"],
        "numbers": [{"scheme": "national", "country": "PL", "number": "192598184"}],
        "owner_id": world.person_id(who),
        "connector": "crm",
    }
    account_id: str = world.players[who].call("POST", "/accounts", json=given, expect=201)["id"]
    place = {"connector": "crm", "external_id": str(given["external_id"])}
    world.things.append(Thing("account", state, ours, account_id, owner=who, place=place))
    named = {"contact_name": plant("contact"), "contact_email": plant("contact's address") + "@contact.example"}
    somebody = {"contact_role": plant("contact's role"), **named, **KNOWN}
    path = f"/accounts/{account_id}/contacts"
    contact_id = world.players[who].call("POST", path, json=somebody, expect=201)["id"]
    world.things.append(Thing("account-contact", state, ours, contact_id, owner=who))
    _twins(world, world.players[who], state, ours, readers)
    segment = {"name": plant("population"), "criteria": {"industry": [plant("criterion")]}}
    path, player = "/populations", world.players[who]
    population_id = player.call("POST", path, json=segment, expect=201)["id"]
    world.tags[population_id] = player.response("GET", f"{path}/{population_id}").headers["ETag"]
    world.things.append(Thing("population", state, ours, population_id, owner=who))
    return account_id


def _twins(world: World, player: Player, state: str, ours: str, readers: list[str]) -> None:
    """Let there be two accounts that seem to be one company, and one that was merged into another."""
    name = world.canaries.word(f"twins of {ours}'s {state} account", readers)
    pair = accounts.pair(player, name=name, city=name)
    world.things.append(Thing("account-pair", state, ours, pair["id"]))
    other = {"other": pair["second"]["id"]}
    world.things.append(Thing("twin", state, ours, pair["first"]["id"], place=other))
    world.things.append(Thing("account-merge", state, ours, accounts.merge(player)["id"]))


def _put(world: World, caller: Caller, thing: Thing) -> dict[str, Any]:
    return {"json": {"accounts": [WINGTIP | thing.place]}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "enter_account": (
        Cells(body=lambda *_: {"json": WINGTIP}),
        Cells(
            on="user",
            hidden=422,
            sees=rules.may_own_accounts,
            body=lambda world, caller, user: {"json": WINGTIP | {"owner_id": user.id}},
        ),
        Cells(
            on="account",
            hidden=422,
            body=lambda world, caller, parent: {"json": WINGTIP | {"parent_id": parent.id}},
        ),
    ),
    "list_accounts": (Cells(lists="account"),),
    "search_accounts": (Cells(body=lambda *_: {"query_string": {"q": "cnry"}}),),
    "read_account": (Cells(on="account"),),
    "change_account": (Cells(on="account", body=lambda *_: {"json": {"city": "Hamburg"}}),),
    "discard_account": (Cells(on="account"),),
    "read_account_by_key": (Cells(on="account"),),
    "put_account": (
        Cells(on="account", sees=rules.always, hidden=422, is_taken=True, body=lambda *_: {"json": WINGTIP}),
    ),
    "add_contact": (Cells(on="account", body=lambda *_: {"json": {"contact_role": "Head of sales"}}),),
    "list_contacts": (Cells(on="account"),),
    "read_contact": (Cells(on="account-contact"),),
    "change_contact": (Cells(on="account-contact", body=lambda *_: {"json": {"contact_role": "Head of sales"}}),),
    "remove_contact": (Cells(on="account-contact"),),
    "list_likely_parents": (Cells(on="account"),),
    "list_alike_accounts": (Cells(body=lambda *_: {"query_string": WINGTIP}),),
    "merge_accounts": (Cells(on="twin", body=lambda world, caller, twin: {"json": {"other_id": twin.place["other"]}}),),
    "list_account_merges": (Cells(lists="account-merge"),),
    "undo_account_merge": (Cells(on="account-merge"),),
    "list_account_pairs": (Cells(lists="account-pair"),),
    "find_account_pairs": (Cells(),),
    "reject_account_pair": (Cells(on="account-pair"),),
    "make_population": (Cells(body=lambda *_: {"json": SEGMENT}),),
    "list_populations": (Cells(lists="population"),),
    "read_population": (Cells(on="population"),),
    "list_population_versions": (Cells(on="population"),),
    "change_population": (Cells(on="population", body=lambda *_: {"json": {"criteria": SEGMENT["criteria"]}}),),
    "archive_population": (Cells(on="population"),),
    "put_accounts": (Cells(on="account", sees=rules.always, hidden=422, is_taken=True, body=_put),),
}


def _version(world: World, caller: Caller, thing: Thing) -> dict[str, Any]:
    return {"data": {"version": world.tags.get(thing.id, "none")}}


def _form(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    version = _version(world, caller, thing)["data"] if thing else {}
    return {"data": WINGTIP | {"relationship": "prospect"} | version}


def _segment(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    told = {"name": thing.id} | _version(world, caller, thing)["data"] if thing else {"name": SEGMENT["name"]}
    return {"data": {"country": "DE"} | told}


def _contact(world: World, caller: Caller, contact: Thing) -> dict[str, Any]:
    return {"data": {"contact_role": "Head of sales"} | _version(world, caller, contact)["data"]}


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "accounts_pages.accounts": (Cells(),),
    "accounts_pages.account": (Cells(on="account"),),
    "accounts_pages.new_account": (Cells(),),
    "accounts_pages.enter_account": (Cells(body=_form),),
    "accounts_pages.edit_account": (Cells(on="account"),),
    "accounts_pages.change_account": (Cells(on="account", body=_form),),
    "accounts_pages.discard_account": (Cells(on="account", body=_version),),
    "accounts_pages.set_parent": (
        # None stands below itself.
        Cells(
            on="account",
            goes=lambda caller, account: False,
            refused=422,
            body=lambda world, caller, account: {
                "data": {"parent_id": account.id} | _version(world, caller, account)["data"]
            },
        ),
    ),
    "accounts_pages.pairs": (Cells(),),
    "accounts_pages.find_pairs": (Cells(),),
    "accounts_pages.merge_pair": (Cells(on="account-pair"),),
    "accounts_pages.reject_pair": (Cells(on="account-pair"),),
    "accounts_pages.merge_accounts": (
        Cells(on="twin", body=lambda world, caller, twin: {"data": {"other_id": twin.place["other"]}}),
    ),
    "accounts_pages.undo_merge": (Cells(on="account-merge"),),
    "accounts_pages.populations": (Cells(),),
    "accounts_pages.population": (Cells(on="population"),),
    "accounts_pages.new_population": (Cells(),),
    "accounts_pages.make_population": (Cells(body=_segment),),
    "accounts_pages.change_population": (Cells(on="population", body=_segment),),
    "accounts_pages.archive_population": (Cells(on="population"),),
    "accounts_pages.new_contact": (Cells(on="account"),),
    "accounts_pages.add_contact": (Cells(on="account", body=lambda *_: {"data": {"contact_role": "Head of sales"}}),),
    "accounts_pages.edit_contact": (Cells(on="account-contact"),),
    "accounts_pages.change_contact": (Cells(on="account-contact", body=_contact),),
    "accounts_pages.remove_contact": (Cells(on="account-contact", body=_version),),
}
