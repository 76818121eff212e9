"""Accounts for tests."""

from itertools import count
from typing import Any

from partnercrm.accounts import jobs
from tests.cast import Cast, Player
from tests.factories.leads import KNOWN

_numbers = count(1)


def account(player: Player, **fields: Any) -> dict[str, Any]:
    """Enter an account of a company of its own."""
    given = {"name": f"Northwind {next(_numbers)}", **fields}
    entered: dict[str, Any] = player.call("POST", "/accounts", json=given, expect=201)
    return entered


def whole(cast: Cast, **fields: Any) -> dict[str, Any]:
    """Return an account of Acme's of which all is known."""
    above = account(cast.dana, name="Northwind Holding AG")["id"]
    return {
        "street": "Harbour Road 12",
        "postal_code": "20457",
        "city": "Hamburg",
        "country": "DE",
        "industry": "Logistics",
        "size_band": "50-249",
        "relationship": "customer",
        "owner_id": str(cast.sam.actor.user_id),
        "parent_id": above,
        "web_domains": ["northwind.example", "northwind.co.uk"],
        "mail_domains": ["northwind.example"],
        "numbers": [{"scheme": "vat", "country": "DE", "number": "136695976"}],
        **fields,
    }


def change(player: Player, account_id: str, *, expect: int = 200, **fields: Any) -> Any:
    """Change an account as it stands now."""
    path = f"/accounts/{account_id}"
    tag = player.response("GET", path).headers["ETag"]
    return player.call("PATCH", path, json=fields, if_match=tag, expect=expect)


def many(cast: Cast, count: int) -> tuple[Player, str]:
    """Enter so many; return who lists them where."""
    for number in range(count):
        account(cast.sam, web_domains=[f"{number}.northwind.example"], owner_id=str(cast.sam.actor.user_id))
    return cast.sam, "/accounts"


def contact(player: Player, account_id: str, **fields: Any) -> dict[str, Any]:
    """Keep somebody at an account."""
    given = {"contact_role": "Head of operations", **fields}
    added: dict[str, Any] = player.call("POST", f"/accounts/{account_id}/contacts", json=given, expect=201)
    return added


def known_contact(player: Player) -> dict[str, Any]:
    """Keep somebody, with name and address, at the first account the player sees."""
    first = player.call("GET", "/accounts", expect=200)["items"][0]["id"]
    contact(player, first)
    return contact(player, first, contact_name="Robin Vale", contact_email="robin@northwind.example", **KNOWN)


def many_contacts(cast: Cast, count: int) -> tuple[Player, str]:
    """Keep so many people at one account; return who lists them where."""
    listed = cast.sam.call("GET", "/accounts", expect=200)["items"]
    account_id = (listed or [account(cast.sam)])[0]["id"]
    for _ in range(count):
        contact(cast.sam, account_id)
    return cast.sam, f"/accounts/{account_id}/contacts"


def pair(player: Player, **fields: Any) -> dict[str, Any]:
    """Enter two accounts that seem to be one company, and find them."""
    twins = {"name": f"Wingtip {next(_numbers)}", **fields}
    ids = {account(player, **twins)["id"] for _ in range(2)}
    jobs.find_duplicates(str(player.actor.organization_id))
    found = player.call("GET", "/account-pairs?limit=200", expect=200)["items"]
    return next(one for one in found if {one["first"]["id"], one["second"]["id"]} == ids)


def merge(player: Player) -> dict[str, Any]:
    """Merge two accounts."""
    survivor, other = account(player)["id"], account(player)["id"]
    made: dict[str, Any] = player.call("POST", f"/accounts/{survivor}/merge", json={"other_id": other}, expect=201)
    return made


def many_pairs(cast: Cast, count: int) -> tuple[Player, str]:
    """Find so many pairs; return who lists them where."""
    for number in range(count):
        twins = {"name": f"Twin {'ABCDEFGHIJKLMNOP'[number] * 5}", "web_domains": [f"twin-{number}.example"]}
        account(cast.sam, **twins, connector="one", external_id=str(next(_numbers)))
        account(cast.sam, **twins, connector="other", external_id=str(next(_numbers)))
    jobs.find_duplicates(str(cast.sam.actor.organization_id))
    return cast.sam, "/account-pairs"


def many_merges(cast: Cast, count: int) -> tuple[Player, str]:
    """Merge so many accounts; return who lists that where."""
    for _ in range(count):
        merge(cast.sam)
    return cast.sam, "/account-merges"


def population(player: Player, **fields: Any) -> dict[str, Any]:
    """Keep a population; of customers, where nothing else is said."""
    given = {"name": f"Segment {next(_numbers)}", "criteria": {"relationship": ["customer"]}, **fields}
    made: dict[str, Any] = player.call("POST", "/populations", json=given, expect=201)
    return made


def many_populations(cast: Cast, count: int) -> tuple[Player, str]:
    """Keep so many populations; return who lists them where."""
    for _ in range(count):
        population(cast.sam)
    return cast.sam, "/populations"


def many_versions(cast: Cast, count: int) -> tuple[Player, str]:
    """Change a population so often; return who lists its versions where."""
    kept = cast.sam.call("GET", "/populations", expect=200)["items"]
    path = f"/populations/{(kept or [population(cast.sam)])[0]['id']}"
    for number in range(count):
        tag = cast.sam.response("GET", path).headers["ETag"]
        given = {"criteria": {"industry": [f"Industry {next(_numbers)} {number}"]}}
        cast.sam.call("PATCH", path, json=given, if_match=tag, expect=200)
    return cast.sam, f"{path}/versions"


def things(player: Player) -> dict[str, list[str]]:
    """Return ids of accounts for generated requests."""
    above = account(player, connector="crm", external_id="0014x00001")["id"]
    return {
        "account_id": [account(player)["id"] for _ in range(4)],
        "discard_account.account_id": [account(player)["id"] for _ in range(4)],
        "pair_id": [pair(player)["id"] for _ in range(3)],
        "merge_id": [merge(player)["id"] for _ in range(3)],
        "other_id": [account(player)["id"] for _ in range(4)],
        "population_id": [population(player)["id"] for _ in range(6)],
        "archive_population.population_id": [population(player)["id"] for _ in range(3)],
        "contact_id": [contact(player, above)["id"] for _ in range(6)],
        "parent_id": [above],
        "read_account_by_key.connector": ["crm"],
        "read_account_by_key.external_id": ["0014x00001"],
    }


LISTS = {
    "list_accounts": many,
    "list_contacts": many_contacts,
    "list_account_merges": many_merges,
    "list_account_pairs": many_pairs,
    "list_populations": many_populations,
    "list_population_versions": many_versions,
}
