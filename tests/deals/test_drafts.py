"""A deal that is begun is its side's alone, counts for nothing, and is registered by the one way there is."""

import re
from typing import Any

from flask import Flask

from tests.cast import Cast, Player
from tests.factories.deals import ago, deal, register, step
from tests.factories.enablement import gates, item
from tests.surfer import Surfer

NEW = "/deals/register"


def drafted(player: Player, cast: Cast, **given: Any) -> dict[str, Any]:
    body = {"partnership_id": str(cast.partnership_id)} | given
    made: dict[str, Any] = player.call("POST", "/registration-drafts", json=body, expect=201)
    return made


def version(surfer: Surfer, page: str) -> dict[str, str]:
    """Return the version that the page's form is based on."""
    found = re.search(r'name="(version)" value="([^"]+)"', surfer.open(page).text)
    return dict([found.groups()]) if found else {}


def test_a_draft_is_read_by_its_owner_and_the_managers_of_their_side_alone(app: Flask, cast: Cast) -> None:
    made = drafted(cast.sam, cast, asks="A reference call.")

    path = f"/registration-drafts/{made['id']}"
    assert (made["asks"], made["value"], made["account"], made["evidence"]) == ("A reference call.", None, None, [])
    assert cast.dana.call("GET", path, expect=200) == made
    assert cast.dana.call("GET", "/registration-drafts", expect=200)["items"] == [made | {"owner": None}]
    for player in (cast.gina, cast.hank, cast.ines):
        player.call("GET", path, expect=404)
        assert player.call("GET", "/registration-drafts", expect=200)["items"] == []
    for quiet in ("/registrations", "/joint-accounts", "/deals"):
        assert cast.gina.call("GET", quiet, expect=200)["items"] == []


def test_a_draft_counts_for_nothing_until_it_is_registered(app: Flask, cast: Cast) -> None:
    met = deal(cast.partnership_id, evidence=[step(ago(5))])
    ours = drafted(cast.sam, cast, **met)
    theirs = register(cast.gina, cast.partnership_id)
    assert theirs["status"] == "submitted"
    later = drafted(cast.sam, cast, **deal(cast.partnership_id, evidence=[]))

    lost = cast.sam.call("POST", f"/registration-drafts/{later['id']}/submit", expect=201)
    won = cast.sam.call("POST", f"/registration-drafts/{ours['id']}/submit", expect=201)

    assert (lost["status"], lost["reason"]) == ("rejected", "earlier_evidence")
    assert won["status"] == "submitted"
    assert [one["kind"] for one in won["evidence"]] == ["meeting_held", "registered"]
    assert won["evidence"][1]["happened_at"] > ours["changed_at"]
    assert cast.sam.call("GET", "/registration-drafts", expect=200)["items"] == []


def test_registering_a_draft_names_everything_that_is_missing_and_asks_the_gate(app: Flask, cast: Cast) -> None:
    made = drafted(cast.sam, cast, close_on="2020-01-31")
    path = f"/registration-drafts/{made['id']}"

    refused = cast.sam.call("POST", f"{path}/submit", expect=422)

    assert refused["code"] == "deal_incomplete"
    assert [one["field"] for one in refused["errors"]] == ["value", "involvement", "close_on", "account"]
    tag = cast.sam.response("GET", path).headers["ETag"]
    whole = deal(cast.partnership_id)
    assert cast.sam.call("PUT", path, json=whole, if_match=tag, expect=200)["value"] == whole["value"]
    cast.sam.call("PUT", path, json=whole, if_match=tag, expect=412)
    cast.sam.call("PUT", path, json=whole, expect=428)
    item(cast.dana, cast.partnership_id)
    gates(cast.dana, cast.partnership_id, registering="block")
    assert cast.sam.call("POST", f"{path}/submit", expect=409)["code"] == "not_enabled"
    gates(cast.dana, cast.partnership_id, registering="off")
    cast.sam.call("POST", f"{path}/submit", expect=201)
    cast.sam.call("POST", f"{path}/submit", expect=404)


def test_wrong_drafts_are_refused_with_every_field(app: Flask, cast: Cast) -> None:
    theirs = register(cast.sam, cast.partnership_id)["joint_account_id"]
    made = drafted(cast.sam, cast, joint_account_id=theirs)
    wrong = {"partnership_id": str(cast.partnership_id), "close_on": "soon", "value": {"amount": "1"}, "stage": 1}

    refused = cast.sam.call("POST", "/registration-drafts", json=wrong, expect=422)

    assert {one["field"] for one in refused["errors"]} == {"close_on", "value.currency", "stage"}
    for field, given in (
        ("partnership_id", {"partnership_id": made["id"]}),
        ("joint_account_id", {"partnership_id": str(cast.partnership_id), "joint_account_id": made["id"]}),
    ):
        told = cast.sam.call("POST", "/registration-drafts", json=given, expect=422)
        assert [one["field"] for one in told["errors"]] == [field]
    stranger = {"partnership_id": str(cast.partnership_id), "joint_account_id": theirs}
    told = cast.ines.call("POST", "/registration-drafts", json=stranger, expect=422)
    assert [one["field"] for one in told["errors"]] == ["partnership_id"]


def test_a_leavers_drafts_pass_to_the_successor(app: Flask, cast: Cast) -> None:
    made = drafted(cast.sam, cast)

    given = {"successor_id": str(cast.dana.actor.user_id)}
    cast.ada.call("POST", f"/users/{cast.sam.actor.user_id}/hand-over", json=given, expect=200)

    assert cast.dana.call("GET", f"/registration-drafts/{made['id']}", expect=200)["owner"]["name"] == "Dana"


def test_a_draft_is_kept_found_gone_on_with_and_registered_on_pages(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    begun = {"partnership_id": str(cast.partnership_id), "company": "Northwind", "value.currency": "EUR"}
    begun |= {"evidence.0.kind": "meeting_held", "evidence.0.happened_on": ago(3).date().isoformat()}

    page = sam.send(f"{NEW}/keep", begun, shown_on=NEW).headers["Location"]

    shown = sam.open(page).text
    assert 'value="Northwind"' in shown
    assert ago(3).date().isoformat() in shown
    for place in ("/deals", "/deals/drafts"):
        assert page in sam.open(place).text
        assert "Northwind" not in Surfer.signed_in(app, "gina@globex.example").open(place).text
    missing = sam.send(f"{page}/submit", begun, shown_on=page)
    assert missing.status_code == 422
    assert page in missing.text
    more = begun | {"value.amount": "9000", "close_on": "2040-01-31", "involvement": "co_sell"}
    assert "Nothing would refuse this deal" in sam.send(f"{page}/check", more, shown_on=page).text
    assert sam.send(f"{page}/keep", more, shown_on=page).status_code == 409
    assert sam.send(f"{page}/keep", more | version(sam, page), shown_on=page).status_code == 303
    assert sam.send(f"{page}/submit", more, shown_on=page).status_code == 303
    assert sam.open(page).status_code == 404
    other = sam.send(f"{NEW}/keep", begun, shown_on=NEW).headers["Location"]
    assert sam.send(f"{other}/discard", version(sam, other), shown_on=other).status_code == 303
    assert sam.open(other).status_code == 404
