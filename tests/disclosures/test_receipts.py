"""Receipts follow the copies they are about; what is taken back is gone at once, and the receipt says until when."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.kernel.roles import plain
from tests.cast import Cast, Player
from tests.factories import leads
from tests.servers import TestServer
from tests.surfer import Surfer


def receipts(player: Player, cast: Cast, **asked: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    path = f"/partnerships/{cast.partnership_id}/disclosures?sort=disclosed_at&{query}"
    found: list[dict[str, Any]] = player.call("GET", path, expect=200)["items"]
    return found


def parts(found: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    return [(one["part"], one["revoked_at"] is None) for one in found]


def test_each_copy_has_its_receipt_and_both_sides_read_the_same(cast: Cast) -> None:
    contact = {"contact_name": "Robin Vale", "industry": "Rail", **leads.KNOWN}
    offered = leads.offer(cast.sam, cast.partnership_id, **contact)
    assert parts(receipts(cast.sam, cast)) == [("teaser", True)]
    leads.step(cast.gina, offered["id"], "accept")

    teaser, details = receipts(cast.hank, cast)

    assert (teaser["fields"], teaser["tier"]) == (["need", "industry"], "partner_internal")
    assert (details["fields"], details["tier"]) == (["company_name", "contact_name", *leads.KNOWN], "need_to_know")
    assert (details["emptied"], details["emptied_at"]) == ([], None)
    assert {one["subject_id"] for one in (teaser, details)} == {offered["id"]}
    path = f"/partnerships/{cast.partnership_id}/disclosures"
    assert cast.dana.response("GET", path).data == cast.gina.response("GET", path).data
    for stranger in (cast.ines, cast.nora):
        stranger.call("GET", path, expect=404)
        stranger.call("GET", f"/partnerships/{cast.partnership_id}/flows", expect=404)


def test_what_stays_sealed_has_no_receipt(cast: Cast, database: str, test_server: TestServer) -> None:
    leads.offer_at(cast, "declined")

    for player in (cast.sam, cast.gina):
        assert parts(receipts(player, cast)) == [("teaser", True)]
    with psycopg.connect(plain(test_server.url("app", database))) as globex:
        organization = str(cast.gina.actor.organization_id)
        globex.execute("SELECT set_config('partnercrm.organization', %s, true)", [organization])
        seen = globex.execute("SELECT part FROM disclosures").fetchall()
    assert seen == [("teaser",)]


def test_what_is_taken_back_is_gone_for_every_reader_and_every_replay(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Freight")
    path = f"/offers/{offered['id']}"
    cast.sam.call("POST", f"{path}/show-company", expect=200)
    accepted = cast.gina.response("POST", f"{path}/accept", key="once")
    tag = cast.gina.response("GET", path).headers["ETag"]
    assert "Contoso Freight" in accepted.text

    taken = cast.sam.call("POST", f"{path}/take-back", expect=200)

    assert (taken["details"], taken["company_name"], taken["taken_back_at"] is None) == (None, None, False)
    for player in (cast.gina, cast.hank, cast.sam, cast.dana):
        assert "Contoso" not in player.response("GET", path).text
        assert "Contoso" not in player.response("GET", "/offers").text
        assert "Contoso" not in player.response("GET", f"{path}/timeline").text
    again = cast.gina.response("POST", f"{path}/accept", key="once")
    assert (again.status_code, again.json["code"], "Contoso" in again.text) == (409, "already_done", False)
    assert cast.gina.response("GET", path, headers={"If-None-Match": tag}).status_code == 200
    assert cast.sam.call("POST", f"{path}/take-back", expect=409)["code"] == "nothing_to_take_back"
    assert ("details", False) in parts(receipts(cast.gina, cast))
    leads.step(cast.gina, offered["id"], "qualify")


def erase(player: Player, email: str) -> None:
    player.call("POST", "/people/erase", json={"email": email, "confirmed_email": email}, expect=200)


def test_a_receipt_says_what_of_a_contact_was_emptied_later_and_when(cast: Cast) -> None:
    robin = {"contact_name": "Robin Vale", "contact_email": "robin@vale.example", **leads.KNOWN}
    offered = leads.offer(cast.sam, cast.partnership_id, **robin)
    leads.step(cast.gina, offered["id"], "accept")
    before = datetime.now(UTC)

    erase(cast.ada, "robin@vale.example")

    _, details = receipts(cast.gina, cast)
    assert (details["fields"], details["revoked_at"]) == (["company_name", *robin], None)
    assert details["emptied"] == [*robin]
    assert before < datetime.fromisoformat(details["emptied_at"]) < datetime.now(UTC)
    for email in ("gina@globex.example", "sam@acme.example"):
        page = Surfer.signed_in(cast.app, email).open(f"/offers/{offered['id']}").text
        assert "Emptied on" in page
        assert "day of information" in page
    cast.sam.call("POST", f"/offers/{offered['id']}/take-back", expect=200)
    _, taken = receipts(cast.gina, cast)
    assert (taken["emptied"], taken["revoked_at"] is None) == ([*robin], False)


def test_what_was_emptied_before_anybody_read_it_is_not_named_as_shown(cast: Cast) -> None:
    robin = {"contact_name": "Robin Vale", "contact_email": "robin@vale.example", **leads.KNOWN}
    offered = leads.offer(cast.sam, cast.partnership_id, **robin)
    erase(cast.ada, "robin@vale.example")
    leads.step(cast.gina, offered["id"], "accept")

    _, details = receipts(cast.gina, cast)

    assert (details["fields"], details["emptied"], details["emptied_at"]) == (["company_name"], [], None)


@pytest.mark.parametrize("answer", ["", "decline", "withdraw"])
def test_a_name_shown_before_the_answer_can_be_taken_back_whatever_became_of_the_offer(cast: Cast, answer: str) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Freight")
    path = f"/offers/{offered['id']}"
    cast.sam.call("POST", f"{path}/show-company", expect=200)
    if answer:
        leads.step(cast.gina if answer == "decline" else cast.sam, offered["id"], answer, reason="no_capacity")

    taken = cast.sam.call("POST", f"{path}/take-back", expect=200)

    assert (taken["company_name"], taken["taken_back_at"] is None) == (None, not answer)
    assert "Contoso" not in cast.gina.response("GET", path).text
    assert parts(receipts(cast.gina, cast)) == [("teaser", True), ("company", False)]
    if not answer:
        leads.step(cast.gina, offered["id"], "accept")
        assert "Contoso" in cast.gina.response("GET", path).text


def test_a_returned_lead_takes_its_copies_and_stored_answers_with_it(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Freight")
    path = f"/offers/{offered['id']}"
    cast.sam.call("POST", f"{path}/show-company", expect=200)
    cast.gina.call("POST", f"{path}/accept", key="once", expect=200)

    returned = cast.gina.response("POST", f"{path}/return", json={"reason": "no_capacity"}, key="back")

    assert (returned.status_code, "Contoso" in returned.text) == (200, False)
    for player in (cast.gina, cast.hank, cast.sam):
        assert "Contoso" not in player.response("GET", path).text
    again = cast.gina.response("POST", f"{path}/accept", key="once")
    assert (again.status_code, again.json["code"]) == (409, "already_done")
    assert (
        cast.gina.response("POST", f"{path}/return", json={"reason": "no_capacity"}, key="back").data == returned.data
    )
    assert [(part, stands) for part, stands in parts(receipts(cast.gina, cast)) if part != "teaser"] == [
        ("company", False),
        ("details", False),
    ]


def test_only_the_giver_takes_back_and_only_what_is_open(cast: Cast) -> None:
    offered, accepted = leads.offer_at(cast, "offered"), leads.offer_at(cast, "accepted")

    for player, offer in ((cast.sam, offered), (cast.gina, accepted)):
        refused = player.call("POST", f"/offers/{offer['id']}/take-back", expect=409)
        assert refused["code"] == "nothing_to_take_back"
    cast.ines.call("POST", f"/offers/{accepted['id']}/take-back", expect=404)


def test_the_giver_can_show_the_company_before_the_answer_and_the_receipt_says_so(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Freight")
    path = f"/offers/{offered['id']}"
    assert cast.gina.call("GET", path, expect=200)["company_name"] is None
    assert cast.gina.call("POST", f"{path}/show-company", expect=409)["code"] == "company_not_shown"

    cast.sam.call("POST", f"{path}/show-company", expect=200)

    assert cast.gina.call("GET", path, expect=200)["company_name"] == "Contoso Freight"
    assert parts(receipts(cast.gina, cast)) == [("teaser", True), ("company", True)]
    assert cast.sam.call("POST", f"{path}/show-company", expect=409)["code"] == "company_not_shown"


def test_receipts_are_found_by_tier_state_side_and_thing(cast: Cast) -> None:
    ours, theirs = leads.offer_at(cast, "accepted"), leads.offer(cast.gina, cast.partnership_id)
    cast.sam.call("POST", f"/offers/{ours['id']}/take-back", expect=200)

    assert parts(receipts(cast.gina, cast, tier="need_to_know")) == [("details", False)]
    assert parts(receipts(cast.gina, cast, stands="true")) == [("teaser", True), ("teaser", True)]
    assert len(receipts(cast.gina, cast, subject_id=ours["id"])) == 2
    mine = receipts(cast.sam, cast, discloser_id=theirs["giver_id"])
    assert [one["subject_id"] for one in mine] == [theirs["id"]]


def test_what_flowed_is_counted_without_its_content_and_the_same_for_both(cast: Cast) -> None:
    offered = leads.offer_at(cast, "accepted")
    leads.offer(cast.gina, cast.partnership_id)
    cast.sam.call("POST", f"/offers/{offered['id']}/take-back", expect=200)
    path = f"/partnerships/{cast.partnership_id}/flows"

    flows = cast.dana.call("GET", path, expect=200)["flows"]

    ours = {one["tier"]: one for one in flows if one["discloser_id"] == offered["giver_id"]}
    assert [(ours[tier]["disclosed"], ours[tier]["revoked"]) for tier in ("partner_internal", "need_to_know")] == [
        (1, 0),
        (1, 1),
    ]
    assert len(flows) == 3
    assert cast.dana.response("GET", path).data == cast.gina.response("GET", path).data


def test_at_the_end_of_the_partnership_nothing_stands(cast: Cast, database: str, test_server: TestServer) -> None:
    leads.offer_at(cast, "accepted")
    shown = leads.offer_at(cast, "offered")
    cast.sam.call("POST", f"/offers/{shown['id']}/show-company", expect=200)
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.hank.response("GET", path).headers["ETag"], expect=200)

    cast.sam.call("GET", f"{path}/disclosures", expect=404)
    with psycopg.connect(test_server.admin(database)) as connection:
        left = connection.execute("SELECT part, revoked_at IS NULL FROM disclosures ORDER BY part").fetchall()
        names = connection.execute("SELECT count(company_name) FROM offers").fetchone()
        kept = connection.execute(
            "SELECT count(body) FROM idempotency_keys WHERE subject_id IN (SELECT id FROM offers)"
        ).fetchone()
    assert left == [("company", False), ("details", False), ("teaser", False), ("teaser", False)]
    assert (names, kept) == ((0,), (0,))


FORGED = {
    "a receipt is invented": "INSERT INTO disclosures SELECT * FROM disclosures",
    "a receipt is closed": "UPDATE disclosures SET revoked_at = now()",
    "a receipt is lost": "DELETE FROM disclosures",
    "a name is shown past the step": "UPDATE offers SET company_name = 'x', version = version + 1",
}


@pytest.mark.parametrize("forged", FORGED)
def test_nobody_writes_receipts_but_the_database(
    cast: Cast, database: str, test_server: TestServer, forged: str
) -> None:
    leads.offer_at(cast, "accepted")
    with psycopg.connect(plain(test_server.url("app", database))) as giver:
        organization = str(cast.sam.actor.organization_id)
        giver.execute("SELECT set_config('partnercrm.organization', %s, true)", [organization])

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            giver.execute(FORGED[forged])


def test_the_pages_say_what_the_partner_knows_and_what_was_taken_back(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Freight")
    path = f"/offers/{offered['id']}"
    sam, gina = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "gina@globex.example")
    assert sam.send(f"{path}/show-company", {}, shown_on=path).status_code == 303
    leads.step(cast.gina, offered["id"], "accept")
    receipts_page = f"/partnerships/{cast.partnership_id}/disclosures"
    assert receipts_page in sam.open(f"/partnerships/{cast.partnership_id}").text
    assert "What does Globex know?" in sam.open(receipts_page).text
    assert "Contoso" not in sam.open(receipts_page).text

    assert sam.send(f"{path}/take-back", {}, shown_on=path).status_code == 303

    assert "Acme took them back" in gina.open(path).text
    assert "Contoso" not in gina.open(path).text
    assert "Taken back" in sam.open(receipts_page).text
    theirs = f"{receipts_page}?discloser_id={cast.gina.actor.organization_id}"
    assert "What do you know of Globex?" in sam.open(theirs).text
    assert 'rel="next"' in sam.open(f"{receipts_page}?limit=1").text
