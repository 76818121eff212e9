"""Imports as jobs: a file sent, read as somebody says, checked, entered whole or not at all, undone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import psycopg
import pytest

from partnercrm.integrations import jobs
from partnercrm.integrations.actions import forgetting, uploading
from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories.imports import kept
from tests.servers import TestServer

HEADER = "id,account,product,country,wert\n"
MAPPING = "external_id=id,company_name=account,need=product,country=country,value.amount=wert,value.currency:=EUR"


def send(player: Player, content: str | bytes, expect: int = 201, **given: str) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    data = {"connector": "crm", "file": (BytesIO(raw), "leads.csv"), **given}
    return player.call("POST", "/imports", data=data, expect=expect)


def run(player: Player, sent: dict[str, Any], **how: bool) -> Any:
    player.call("POST", f"/imports/{sent['id']}/start", json=how, expect=200)
    work(player, sent)
    return player.call("GET", f"/imports/{sent['id']}", expect=200)


def work(player: Player, sent: dict[str, Any]) -> None:
    """Do what the worker would."""
    jobs.run_import(str(player.actor.organization_id), sent["id"])


def counts(one: dict[str, Any]) -> tuple[str, int, int, int, int, int]:
    return one["state"], one["rows"], one["wrong"], one["entered"], one["updated"], one["unchanged"]


def test_a_file_is_read_as_it_seems_to_be_written_and_entered_by_the_job(cast: Cast) -> None:
    sent = send(
        cast.sam, "Id;Firma;Produkt;Land;Wert\n1;Zürich Segel;Kite;CH;1.234,50\n2;Contoso;Kite;;\n".encode("cp1252")
    )

    assert (sent["encoding"], sent["delimiter"], sent["decimal_mark"]) == ("windows-1252", ";", "comma")
    assert sent["state"] == "ready"
    path = f"/imports/{sent['id']}"
    tag = cast.sam.response("GET", path).headers["ETag"]
    cast.sam.call("PATCH", path, json={"mapping": sent["mapping"] + "\nvalue.currency:=CHF"}, if_match=tag, expect=200)

    done = run(cast.sam, sent)

    assert counts(done) == ("applied", 2, 0, 2, 0, 0)
    first = kept(cast.sam)["1"]
    assert (first["company_name"], first["country"]) == ("Zürich Segel", "CH")
    assert first["value"] == {"amount": "1234.50", "currency": "CHF"}


def test_one_wrong_row_keeps_all_out_until_it_is_left_out(cast: Cast) -> None:
    sent = send(
        cast.sam,
        HEADER + "1,Contoso,Kite,DE,\n2,Fabrikam,Kite,Germany,\n2,,Kite,DE,\n1,Again,Kite,DE,\n",
        mapping=MAPPING,
    )

    checked = run(cast.sam, sent)

    assert counts(checked) == ("checked", 4, 3, 1, 0, 0)
    assert kept(cast.sam) == {}
    wrong = cast.sam.call("GET", f"/imports/{sent['id']}/wrong-rows", expect=200)["items"]
    assert [(row["line"], [(fault["field"], fault["column"]) for fault in row["faults"]]) for row in wrong] == [
        (3, [("country", 4)]),
        (4, [("company_name", 2)]),
        (5, [("external_id", 1)]),
    ]
    cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=409)
    assert counts(run(cast.sam, sent, leave_out=True)) == ("applied", 4, 3, 1, 0, 0)
    assert set(kept(cast.sam)) == {"1"}


def test_wrong_rows_come_back_as_a_file_to_mend(cast: Cast) -> None:
    sent = send(cast.sam, HEADER + '1,Contoso,Kite,DE,\n2,"=Fabrikam\nLtd",Kite,Germany,\n', mapping=MAPPING)
    run(cast.sam, sent)

    answer = cast.sam.response("GET", f"/imports/{sent['id']}/wrong-rows.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    header, *rows = answer.text.split("\r\n")
    assert header == "id,account,product,country,wert,neutralised_fields,What is not right"
    assert rows[0].startswith('2,"\'=Fabrikam\nLtd",Kite,Germany,,account,country: ')


def test_a_dry_run_counts_and_enters_nothing(cast: Cast) -> None:
    run(cast.sam, send(cast.sam, HEADER + "1,Contoso,Kite,DE,\n2,Fabrikam,Kite,DE,5\n", mapping=MAPPING))
    before = kept(cast.sam)
    file = HEADER + "1,Contoso,Kite,,\n2,Renamed,Kite,DE,\n3,Tailspin,Kite,DE,\n"

    tried = run(cast.sam, send(cast.sam, file, mapping=MAPPING), dry_run=True)

    assert counts(tried) == ("checked", 3, 0, 1, 1, 1)
    assert kept(cast.sam) == before
    done = run(cast.sam, tried)
    assert counts(done) == ("applied", 3, 0, 1, 1, 1)
    assert kept(cast.sam)["2"] == before["2"] | {"company_name": "Renamed"}
    assert kept(cast.sam)["1"] == before["1"]


def test_doubtful_amounts_are_asked_about_before_anything_is_read(cast: Cast) -> None:
    sent = send(cast.sam, HEADER + '1,Contoso,Kite,DE,"1,234"\n', mapping=MAPPING)
    assert sent["decimal_mark"] is None

    refused = cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["decimal_mark"]
    path = f"/imports/{sent['id']}"
    tag = cast.sam.response("GET", path).headers["ETag"]
    cast.sam.call("PATCH", path, json={"decimal_mark": "point"}, if_match=tag, expect=200)
    run(cast.sam, sent)
    assert kept(cast.sam)["1"]["value"]["amount"] == "1234.00"


def test_an_import_is_undone_as_far_as_nobody_touched_it(cast: Cast) -> None:
    run(cast.sam, send(cast.sam, HEADER + "1,Contoso,Kite,DE,5\n2,Fabrikam,Kite,DE,\n", mapping=MAPPING))
    before = kept(cast.sam)
    rows = "1,Renamed,Kite,FR,7\n2,Renamed too,Kite,DE,\n3,New,Kite,DE,\n4,Offered,Kite,DE,\n"
    done = run(cast.sam, send(cast.sam, HEADER + rows, mapping=MAPPING))
    assert counts(done) == ("applied", 4, 0, 2, 2, 0)
    after = kept(cast.sam)
    cast.sam.call("PUT", "/leads/by-key/crm/2", json={"company_name": "Mine", "need": "Kite"}, expect=200)
    offer = {"lead_id": after["4"]["id"], "partnership_id": str(cast.partnership_id)}
    cast.sam.call("POST", "/offers", json=offer, expect=201)

    cast.sam.call("POST", f"/imports/{done['id']}/undo", expect=200)
    jobs.undo_import(str(cast.sam.actor.organization_id), done["id"])

    now = kept(cast.sam)
    assert cast.sam.call("GET", f"/imports/{done['id']}", expect=200)["state"] == "undone"
    assert set(now) == {"1", "2", "4"}
    assert now["1"] == before["1"]
    assert (now["2"]["company_name"], now["4"]["status"]) == ("Mine", "offered")
    cast.sam.call("POST", f"/imports/{done['id']}/undo", expect=409)


def test_what_an_import_changed_is_forgotten_though_it_was_undone_before_that(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    organization_id, now = str(cast.sam.actor.organization_id), datetime.now(UTC)
    run(cast.sam, send(cast.sam, HEADER + "1,Contoso,Kite,DE,5\n", mapping=MAPPING))
    done = run(cast.sam, send(cast.sam, HEADER + "1,Renamed,Kite,FR,7\n", mapping=MAPPING))
    cast.sam.call("POST", f"/imports/{done['id']}/undo", expect=200)
    undone_at = now + timedelta(hours=1)
    with clock.at(undone_at):
        jobs.undo_import(organization_id, done["id"])

    with psycopg.connect(test_server.admin(database), autocommit=True) as admin:
        changes = "SELECT count(*) FROM public.lead_import_changes WHERE import_id = %s"
        admin.execute("SET search_path = procrastinate")
        admin.execute("DELETE FROM procrastinate_jobs")
        with clock.at(now + forgetting.KEPT):
            jobs.forget_import(organization_id, done["id"])
        assert admin.execute(changes, (done["id"],)).fetchall() == [(1,)]
        again = admin.execute("SELECT task_name, scheduled_at FROM procrastinate_jobs").fetchall()
        assert again == [("integrations.forget_import", undone_at + forgetting.KEPT)]

        with clock.at(undone_at + forgetting.KEPT):
            jobs.forget_import(organization_id, done["id"])
        assert admin.execute(changes, (done["id"],)).fetchall() == [(0,)]


def test_a_key_a_colleague_keeps_is_no_sellers_to_write(cast: Cast) -> None:
    cast.dana.call("PUT", "/leads/by-key/crm/1", json={"company_name": "Contoso", "need": "Kite"}, expect=200)
    file = HEADER + "1,Contoso,Kite,DE,\n2,Fabrikam,Kite,DE,\n"

    checked = run(cast.sam, send(cast.sam, file, mapping=MAPPING))

    assert counts(checked) == ("checked", 2, 1, 1, 0, 0)
    assert counts(run(cast.dana, send(cast.dana, file, mapping=MAPPING))) == ("applied", 2, 0, 1, 1, 0)
    assert kept(cast.dana)["1"]["owner_id"] == str(cast.dana.actor.user_id)


def test_owners_are_named_by_address_and_known_leads_keep_theirs(cast: Cast) -> None:
    mapping = "external_id=id,company_name=account,need=product,owner_email=keeper"
    header = "id,account,product,keeper\n"
    run(cast.dana, send(cast.dana, header + "1,Contoso,Kite,SAM@acme.example\n2,Fabrikam,Kite,\n", mapping=mapping))
    assert (set(kept(cast.sam)), set(kept(cast.dana))) == ({"1"}, {"1", "2"})

    rows = "1,Contoso SE,Kite,\n2,Fabrikam,Kite,sam@acme.example\n3,New,Kite,nobody@acme.example\n"
    done = run(cast.dana, send(cast.dana, header + rows, mapping=mapping), leave_out=True)

    assert counts(done) == ("applied", 3, 1, 0, 2, 0)
    assert set(kept(cast.sam)) == {"1", "2"}


def test_how_a_source_is_read_is_remembered(cast: Cast) -> None:
    run(cast.sam, send(cast.sam, HEADER + '1,Contoso,Kite,DE,"1,234"\n', mapping=MAPPING, decimal_mark="point"))

    again = send(cast.dana, HEADER + '2,Contoso,Kite,DE,"1,234"\n')

    assert (again["mapping"], again["decimal_mark"]) == (MAPPING, "point")
    assert send(cast.dana, HEADER + '2,Contoso,Kite,DE,"1,234"\n', connector="other")["mapping"] != MAPPING


def test_the_preview_shows_real_rows_as_they_would_be_entered(cast: Cast) -> None:
    run(cast.sam, send(cast.sam, HEADER + "1,Contoso,Kite,DE,\n2,Fabrikam,Kite,DE,\n", mapping=MAPPING))
    rows = "1,Contoso,Kite,DE,\n2,Renamed,Kite,DE,\n3,New,Kite,XX,\n4,Skipped,Other,DE,\n5,Newer,Kite,DE,9\n"
    sent = send(cast.sam, HEADER + rows, mapping=MAPPING + ",only=product:Kite")

    shown = cast.sam.call("GET", f"/imports/{sent['id']}/preview", expect=200)["rows"]

    assert [row["outcome"] for row in shown] == ["unchanged", "updated", "wrong", "left_out", "new"]
    assert shown[4]["fields"]["value.amount"] == "9"
    assert shown[2]["faults"][0]["field"] == "country"


def test_an_import_is_cancelled_while_it_is_checked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = send(cast.sam, HEADER + "1,Contoso,Kite,DE,\n", mapping=MAPPING)
    cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=200)

    cast.sam.call("POST", f"/imports/{sent['id']}/cancel", expect=200)
    work(cast.sam, sent)

    assert cast.sam.call("GET", f"/imports/{sent['id']}", expect=200)["state"] == "cancelled"
    assert kept(cast.sam) == {}
    cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=409)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    from partnercrm.integrations.actions import checking

    monkeypatch.setattr(checking, "PIECE", 10)
    return monkeypatch.setattr


def test_a_run_that_broke_off_goes_on_after_its_last_piece(cast: Cast, small_pieces: Callable[..., None]) -> None:
    from partnercrm.integrations.actions.checking import Checking

    rows = "".join(f"{number},Contoso,Kite,{'XX' if number == 25 else 'DE'},\n" for number in range(1, 96))
    sent = send(cast.sam, HEADER + rows, mapping=MAPPING)
    cast.sam.call("POST", f"/imports/{sent['id']}/start", json={"leave_out": True}, expect=200)
    whole, done = Checking.piece, 0

    def break_off(way: Checking) -> bool:
        nonlocal done
        done += 1
        if done == 5:
            raise SystemExit
        return whole(way)

    small_pieces(Checking, "piece", break_off)
    with pytest.raises(SystemExit):
        work(cast.sam, sent)
    assert cast.sam.call("GET", f"/imports/{sent['id']}", expect=200)["rows"] == 40
    small_pieces(Checking, "piece", whole)
    work(cast.sam, sent)
    work(cast.sam, sent)

    done_now = cast.sam.call("GET", f"/imports/{sent['id']}", expect=200)
    assert counts(done_now) == ("applied", 95, 1, 94, 0, 0)
    assert len(kept(cast.sam)) == 94


def test_what_cannot_be_read_is_told_and_can_be_read_otherwise(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "PIECE", 60)
    sent = send(
        cast.sam,
        HEADER.encode() + b"0,Contoso Logistics,Kite,DE,\n1,Caf\xe9,Kite,DE,\n",
        mapping=MAPPING,
        encoding="iso-8859-15",
    )
    path = f"/imports/{sent['id']}"
    tag = cast.sam.response("GET", path).headers["ETag"]
    cast.sam.call("PATCH", path, json={"encoding": "utf-8"}, if_match=tag, expect=200)

    failed = run(cast.sam, sent)

    assert failed["state"] == "ready"
    assert "utf-8" in failed["problem"]
    tag = cast.sam.response("GET", path).headers["ETag"]
    cast.sam.call("PATCH", path, json={"encoding": "windows-1252"}, if_match=tag, expect=200)
    assert counts(run(cast.sam, sent)) == ("applied", 2, 0, 2, 0, 0)
    assert kept(cast.sam)["1"]["company_name"] == "Café"


@pytest.mark.parametrize(
    ("encoding", "content", "field"),
    [("utf-16", b"id\n1\n", "encoding"), ("utf-8", b"id\nK\xf6nig\n", "encoding"), ("utf-8", b"i\x00d\n1\n", "file")],
)
def test_a_file_that_cannot_be_read_is_refused(cast: Cast, encoding: str, content: bytes, field: str) -> None:
    refused = send(cast.sam, content, expect=422, encoding=encoding)

    assert [error["field"] for error in refused["errors"]] == [field]
