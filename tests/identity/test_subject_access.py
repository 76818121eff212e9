"""Everything one organization holds of a person is written out for them: every kind, nothing of anybody else's."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from partnercrm.activity import jobs
from partnercrm.identity.cli import identity
from partnercrm.identity.queries import subject_access as queries
from partnercrm.identity.subject_access import sections
from partnercrm.identity.words import KEPT
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.factories import imports, leads
from tests.servers import TestServer
from tests.surfer import Surfer

ROBIN = "robin@contoso.example"
PERSON = {"contact_name": "Robin Vale", "contact_email": "Robin@contoso.example", **leads.KNOWN}


def export(player: Player, email: str, expect: int = 200) -> dict[str, Any]:
    answer: dict[str, Any] = player.call("POST", "/people/export", json={"email": email}, expect=expect)
    return answer


def busy(app: Flask, cast: Cast) -> None:
    """Let a contact and a colleague stand wherever they can by themselves."""
    made = leads.offer(cast.sam, cast.partnership_id, notes=f"Ask {ROBIN}.", **PERSON)
    asked = {"question": f"May we write to {ROBIN}?"}
    cast.gina.call("POST", f"/offers/{made['id']}/questions", json=asked, expect=201)
    leads.step(cast.gina, made["id"], "accept")
    leads.step(cast.gina, made["id"], "disqualify", reason="other", note=f"{ROBIN} has left.")
    mapping = f"{imports.MAPPING},contact_email=mail"
    rows = imports.sent(
        cast.sam, "7,Contoso,Kite,Robin@contoso.example\n", header="id,account,product,mail\n", mapping=mapping
    )
    imports.run(cast.sam, rows)
    cast.sam.call("POST", "/tokens", json={"name": "mine", "scopes": ["leads:read"]}, expect=201)
    Surfer.signed_in(app, "sam@acme.example")


def test_a_contact_is_written_out_from_leads_copies_questions_notes_and_imports(app: Flask, cast: Cast) -> None:
    busy(app, cast)

    kept = export(cast.ada, ROBIN.upper())["kept"]

    assert {"contacts", "copied_contacts", "questions", "offers", "imported_rows"} <= set(kept)
    assert kept["contacts"][0]["contact_channels"] == ["email", "phone"]
    assert len(kept["contacts"]) == 2
    assert kept["offers"][0]["note"] == f"{ROBIN} has left."
    assert not {"accounts", "sign_ins", "tokens"} & set(kept)


def test_a_colleague_is_written_out_with_sign_ins_tokens_memberships_and_what_they_did(app: Flask, cast: Cast) -> None:
    busy(app, cast)

    exported = export(cast.ada, "sam@acme.example")

    kept = exported["kept"]
    assert {"accounts", "sign_ins", "tokens", "memberships", "activities", "imports", "leads_kept", "offers"} <= set(
        kept
    )
    assert "lead.offered" in {one["verb"] for one in kept["activities"]}
    assert not {"secret_hash", "hash"} & {column for rows in kept.values() for row in rows for column in row}
    assert exported["cut_off"] == []
    assert {head["kind"] for head in exported["heads"]} <= {"organization", "partnership"}


def test_a_colleague_reads_who_had_it_written_out(cast: Cast) -> None:
    export(cast.ada, "sam@acme.example")

    [look] = cast.sam.call("GET", "/activities/looks-at-me", expect=200)["looks"]

    assert (look["looked_by"], look["verb"]) == (str(cast.ada.actor.user_id), "person.looked_at")


def test_nothing_of_another_organization_is_written_out_and_only_by_administrators(app: Flask, cast: Cast) -> None:
    busy(app, cast)

    export(cast.ines, ROBIN, expect=404)
    export(cast.ines, "sam@acme.example", expect=404)
    for player in (cast.sam, cast.dana):
        export(player, ROBIN, expect=403)
    mine = json.dumps(export(cast.ada, ROBIN))
    assert str(cast.gina.actor.user_id) not in mine


def test_every_section_can_be_read_and_is_bounded(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(app, cast)
    assert sorted(section.kind for section in sections()) == sorted(KEPT)
    monkeypatch.setattr(queries, "MOST", 1)

    exported = export(cast.ada, ROBIN)

    assert "contacts" in exported["cut_off"]
    assert {len(rows) for rows in exported["kept"].values()} == {1}


def test_the_command_writes_a_line_for_each_row(app: Flask, cast: Cast) -> None:
    busy(app, cast)
    asked = ["export", "--organization", str(cast.ada.actor.organization_id), "--email", ROBIN]

    done = CliRunner().invoke(identity, asked, obj=ScriptInfo(create_app=lambda: app))

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["kind"] for line in lines} >= {"contacts", "copied_contacts", "imported_rows"}
    nobody = CliRunner().invoke(
        identity, [*asked[:-1], "nobody@contoso.example"], obj=ScriptInfo(create_app=lambda: app)
    )
    assert nobody.exit_code == 1


def test_exports_carry_the_heads_of_the_readers_partnerships_and_no_private_one(
    app: Flask, cast: Cast, database: str, test_server: TestServer
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    assert "Chain-Heads" not in cast.sam.response("GET", "/leads/export").headers
    with on_database(app, test_server.url("worker", database)):
        jobs.seal()

    told = {
        player.response("GET", f"/{things}/export?format={form}").headers["Chain-Heads"]
        for player in (cast.sam, cast.gina)
        for things, form in (("leads", "csv"), ("offers", "jsonl"))
    }

    heads = cast.ada.call("GET", "/activities/heads", expect=200)["heads"]
    [shared] = [head for head in heads if head["kind"] == "partnership"]
    assert told == {f"{cast.partnership_id}={shared['length']}:{shared['hash']}"}
    assert "Chain-Heads" not in cast.nora.response("GET", "/leads/export").headers
