"""Pages of privacy: the works agreement, the audit trail and its chains, a person's data."""

import html
import re
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from partnercrm.activity.jobs import seal
from partnercrm.identity.pages import audit
from tests.cast import Cast, partnership
from tests.conftest import on_database
from tests.factories import leads
from tests.servers import TestServer
from tests.surfer import Surfer


@pytest.fixture
def ada(cast: Cast) -> Surfer:
    """Acme's administrator."""
    return Surfer.signed_in(cast.app, cast.ada.email)


@pytest.fixture
def sealed(cast: Cast, app: Flask, test_server: TestServer, database: str) -> Iterator[psycopg.Connection]:
    """The record as the worker sealed it, and the superuser's hand in it."""
    leads.offer_at(cast, "accepted")
    with on_database(app, test_server.url("worker", database)):
        seal()
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def test_the_works_agreement_is_read_by_all_and_entered_by_an_administrator_with_its_reason(
    cast: Cast, ada: Surfer
) -> None:
    nora = Surfer.signed_in(cast.app, cast.nora.email)
    assert "Nothing agreed yet" in nora.open("/works-agreement").text
    given = {"person_figures": "managers", "reason": "Agreed with the works council on 3 March."}
    assert nora.send("/works-agreement", given, shown_on="/tokens").status_code == 403
    refused = ada.send("/works-agreement", {"person_figures": "managers"}, shown_on="/works-agreement")
    assert refused.status_code == 422
    assert "Reason" in refused.text

    assert ada.send("/works-agreement", given, shown_on="/works-agreement").status_code == 303

    shown = nora.open("/works-agreement").text
    assert "Agreed with the works council on 3 March." in shown
    assert "Version 1" in shown
    assert "Put it in force" not in shown


def test_every_version_of_the_works_agreement_is_read_page_by_page(cast: Cast, ada: Surfer) -> None:
    for number in range(1, 4):
        given = {"person_figures": "off", "reason": f"Reason {number}."}
        cast.ada.call("POST", "/works-agreement", json=given, expect=201)
    first = ada.open("/works-agreement?limit=2").text
    following = html.unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])

    second = ada.open(following).text

    assert re.findall(r"Reason \d", first) == ["Reason 3", "Reason 2"]
    assert re.findall(r"Reason \d", second) == ["Reason 1"]
    assert "Version 3" in second
    assert cast.hank.call("GET", "/works-agreement/versions", expect=200)["items"] == []


def test_the_audit_trail_says_what_was_done_and_opens_one_entry_with_its_person(cast: Cast, ada: Surfer) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    listed = ada.open("/audit?verb=lead.offered").text
    assert "Not told in lists" in listed
    assert "Sam" not in listed
    [entry] = cast.ada.call("GET", "/activities?verb=lead.offered", expect=200)["items"]
    page = f"/audit/{entry['id']}"
    assert "Sam" not in ada.open(page).text
    assert ada.send(f"{page}/open", {}, shown_on=page).status_code == 422

    opened = ada.send(f"{page}/open", {"purpose": "A customer asks."}, shown_on=page)

    assert opened.status_code == 200
    assert "Sam" in opened.text
    looked = Surfer.signed_in(cast.app, cast.sam.email).open("/seen").text
    assert "Ada" in looked
    assert "A customer asks." in looked


@pytest.mark.usefixtures("sealed")
def test_chains_are_named_by_partner_and_found_whole(cast: Cast, ada: Surfer) -> None:
    shown = ada.open("/audit").text
    assert "Shared with Globex" in shown
    assert "own record" in shown
    for path in ("/audit/chains/own", f"/audit/chains/{cast.partnership_id}"):
        assert "Whole" in ada.open(path).text
    theirs = Surfer.signed_in(cast.app, cast.ines.email)
    assert theirs.open(f"/audit/chains/{cast.partnership_id}").status_code == 404
    heads = ada.open("/audit/heads.json")
    assert heads.headers["Content-Disposition"] == 'attachment; filename="heads.json"'
    assert [head["kind"] for head in heads.json["heads"]] == ["organization", "partnership"]


@pytest.fixture
def many_sealed(cast: Cast, app: Flask, test_server: TestServer, database: str) -> list[str]:
    """More partnerships than the trail's page shows, that ended, with what was sealed of them; their ids, in order."""
    begun = [str(cast.partnership_id)]
    for _ in range(audit.SHOWN + 1):
        leads.offer(cast.sam, cast.partnership_id)
        begun.append(str(partnership(cast.ines, cast.dana)))
        tag = cast.ines.response("GET", f"/partnerships/{begun[-1]}").headers["ETag"]
        cast.ines.call("POST", f"/partnerships/{begun[-1]}/end", if_match=tag, expect=200)
    with on_database(app, test_server.url("worker", database)):
        seal()
    return sorted(begun)


def test_all_chains_are_read_page_by_page_though_there_are_many(
    cast: Cast, ada: Surfer, many_sealed: list[str]
) -> None:
    def chains(path: str) -> list[str]:
        return re.findall(r'href="/audit/chains/([^"?]+)"', ada.open(path).text)

    newest = many_sealed[::-1]
    assert chains("/audit") == ["own", *newest[: audit.SHOWN]]
    assert 'href="/audit/chains"' in ada.open("/audit").text

    found, path = list[str](), "/audit/chains?limit=3"
    while path:
        found += chains(path)
        following = re.findall(r'rel="next" href="([^"]+)"', ada.open(path).text)
        path = html.unescape(following[0]) if following else ""
    assert found == newest
    assert chains("/audit/chains?sort=partnership_id") == many_sealed


def test_a_broken_chain_says_where(cast: Cast, ada: Surfer, sealed: psycopg.Connection) -> None:
    sealed.execute("UPDATE shared_activities SET facts = '{\"reason\": \"another\"}' WHERE verb = 'lead.accepted'")

    shown = ada.open(f"/audit/chains/{cast.partnership_id}").text

    assert "Broken: one flaw" in shown
    assert "says something else than when it was sealed" in shown
    assert "Whole" in ada.open("/audit/chains/own").text


def test_a_persons_data_is_written_out_and_a_colleague_reads_that(cast: Cast, ada: Surfer) -> None:
    refused = ada.send("/person-data/export", {"email": "nobody@nowhere.example"}, shown_on="/person-data")
    assert refused.status_code == 422
    assert "keeps nothing" in refused.text

    written = ada.send("/person-data/export", {"email": cast.sam.email}, shown_on="/person-data")

    assert written.headers["Content-Disposition"] == 'attachment; filename="person.json"'
    assert written.json["kept"]["accounts"][0]["name"] == "Sam"
    assert "written out" in Surfer.signed_in(cast.app, cast.sam.email).open("/seen").text


def test_a_person_is_erased_after_a_page_that_says_what_goes(cast: Cast, ada: Surfer) -> None:
    contact = "robin@contoso.example"
    leads.lead(cast.sam, contact_name="Robin Vale", contact_email=contact)
    asked = ada.send("/person-data/confirm", {"email": contact}, shown_on="/person-data")
    assert asked.status_code == 200
    assert "Leads with them as contact" in asked.text
    assert "A person was erased" in asked.text
    wrong = {"email": contact, "confirmed_email": "robin@elsewhere.example"}
    again = ada.send("/person-data/erase", wrong, shown_on="/person-data")
    assert again.status_code == 422
    assert "This is not the same address." in again.text
    assert "What will go" in again.text

    done = ada.send("/person-data/erase", wrong | {"confirmed_email": contact}, shown_on="/person-data")

    assert done.status_code == 303
    assert "The person is erased" in ada.open("/person-data").text
    cast.ada.call("POST", "/people/export", json={"email": contact}, expect=404)


def test_the_last_administrator_is_not_erased(cast: Cast, ada: Surfer) -> None:
    mine = dict.fromkeys(("email", "confirmed_email"), cast.ada.email)

    refused = ada.send("/person-data/erase", mine, shown_on="/person-data")

    assert refused.status_code == 409
    assert "last administrator" in refused.text
    assert "What will go" in refused.text
