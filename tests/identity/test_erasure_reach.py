"""How far an erasure reaches: never into what only the other side reads, and no further into words than the person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from tests.cast import Cast, Player
from tests.factories import cases, imports, leads, terms
from tests.servers import TestServer

ADDRESS = "eve@contoso.example"
SHARED = ("organization_id", "author_id", "acting_organization_id")


@pytest.fixture
def catalogue(database: str, test_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    """The administrator on this test's own database."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        yield connection


def written_by(catalogue: psycopg.Connection[Any], organization_id: UUID | None) -> dict[str, list[str]]:
    """Return the rows that an organization owns or wrote, of every table."""
    columns = catalogue.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = ANY (%s) ORDER BY 1, 2",
        [list(SHARED)],
    ).fetchall()
    return {
        f"{table}.{column}": [
            row
            for (row,) in catalogue.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE {} = %s ORDER BY 1").format(
                    sql.Identifier(table), sql.Identifier(column)
                ),
                [organization_id],
            )
        ]
        for table, column in columns
    }


def erase(player: Player, email: str) -> None:
    player.call("POST", "/people/erase", json={"email": email, "confirmed_email": email}, expect=200)


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Globex has said much: about a lead of Acme's, in its own notes, in a proposal to a stranger."""
    made = leads.offer(cast.sam, cast.partnership_id)
    leads.step(cast.gina, made["id"], "decline", reason="no_fit", note="It said no budget, our partner tells.")
    leads.lead(cast.gina, notes="Our partner said no budget; the lead is for no reason of ours.")
    proposal = {"addressee": "ines@initech.example", "message": "Be our partner for every lead, for good reason."}
    cast.hank.call("POST", "/proposals", json=proposal, expect=201)
    terms.propose(cast.hank, cast.partnership_id, note="Our partner gives the next lead, offered for a reason.")
    cases.say(cast.gina, cases.case(cast.gina, cast, claim="Our partner's text said no budget.")["id"])
    return cast


@pytest.mark.parametrize("name", ["partner", "reason", "lead", "said no budget", "text", "verb", "Globex", "offered"])
def test_a_name_chosen_among_the_words_of_the_other_side_reaches_none_of_them(
    busy: Cast, catalogue: psycopg.Connection[Any], name: str
) -> None:
    contact = {"contact_name": name, "contact_email": ADDRESS, **leads.KNOWN}
    leads.offer(busy.sam, busy.partnership_id, **contact)
    globex, initech = busy.gina.actor.organization_id, busy.ines.actor.organization_id
    before = [written_by(catalogue, one) for one in (globex, initech)]

    erase(busy.ada, ADDRESS)

    assert [written_by(catalogue, one) for one in (globex, initech)] == before


def test_words_about_an_offered_lead_lose_a_full_name_and_keep_a_single_word(cast: Cast) -> None:
    for name, left in (("Eve Adamczyk", "[erased] has no budget."), ("budget", "Eve Adamczyk has no budget.")):
        contact = {"contact_name": name, "contact_email": ADDRESS, **leads.KNOWN}
        made = leads.offer(cast.sam, cast.partnership_id, **contact)
        leads.step(cast.gina, made["id"], "decline", reason="no_fit", note="Eve Adamczyk has no budget.")

        erase(cast.ada, ADDRESS)

        assert cast.gina.call("GET", f"/offers/{made['id']}", expect=200)["note"] == left


def test_a_short_name_in_a_full_field_does_not_stop_an_erasure(cast: Cast) -> None:
    leads.lead(cast.sam, contact_name="Noor", contact_email=ADDRESS, contact_basis="consent")
    full = leads.lead(cast.sam, need=f"Noor {'x' * 195}")

    erase(cast.ada, ADDRESS)

    need = cast.sam.call("GET", f"/leads/{full['id']}", expect=200)["need"]
    assert (len(need), need[:14]) == (200, "[erased] xxxxx")


def test_an_address_is_not_found_inside_another(cast: Cast) -> None:
    notes = "From eve@contoso.example; steve@contoso.example, eve@contoso.example.org and x.eve@contoso.example stay."
    kept = leads.lead(cast.sam, notes=notes)

    erase_known = {"contact_name": "Eve Adamczyk", "contact_email": ADDRESS, **leads.KNOWN}
    leads.lead(cast.sam, **erase_known)
    erase(cast.ada, ADDRESS)

    read = cast.sam.call("GET", f"/leads/{kept['id']}", expect=200)
    assert read["notes"] == notes.replace("From eve@contoso.example;", "From [erased];")


def test_somebody_else_of_the_same_name_stays(cast: Cast) -> None:
    contact = {"contact_name": "Eve Adamczyk", "contact_email": ADDRESS, **leads.KNOWN}
    leads.lead(cast.sam, **contact)
    other = leads.lead(cast.sam, **contact | {"contact_email": "eve@fabrikam.example"})

    erase(cast.ada, ADDRESS)

    read = cast.sam.call("GET", f"/leads/{other['id']}", expect=200)
    assert (read["contact_name"], read["contact_email"]) == ("Eve Adamczyk", "eve@fabrikam.example")


def test_a_name_in_any_letters_is_found_in_stored_answers(cast: Cast, catalogue: psycopg.Connection[Any]) -> None:
    contact = {"contact_name": "Ève Größinger", "contact_email": ADDRESS, **leads.KNOWN}
    leads.lead(cast.sam, **contact)
    met = {"company_name": "Fabrikam", "need": "Kite", "notes": "Met Ève Größinger."}
    cast.sam.call("POST", "/leads", json=met, key="k", expect=201)

    erase(cast.ada, ADDRESS)

    bodies = catalogue.execute("SELECT convert_from(body, 'UTF8') FROM idempotency_keys WHERE body IS NOT NULL")
    assert [body for (body,) in bodies if "größinger" in body.lower()] == []


def test_a_file_not_yet_entered_goes_and_is_said_to_have_gone(cast: Cast, catalogue: psycopg.Connection[Any]) -> None:
    leads.lead(cast.sam, contact_name="Ève Größinger", contact_email=ADDRESS, **leads.KNOWN)
    sent = imports.sent(cast.sam, "1,Größinger,Kite\n".encode("latin-1"))

    erase(cast.ada, ADDRESS)

    read = cast.sam.call("GET", f"/imports/{sent['id']}", expect=200)
    assert (read["state"], read["problem"][:19]) == ("cancelled", "A person was erased")
    assert catalogue.execute("SELECT count(*) FROM lead_import_pieces").fetchall() == [(0,)]
