"""Files of a deal: what is taken and how it is called, who reads and removes it, and that its bytes go with it."""

import io
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from flask import Flask

from partnercrm.deals import attachments, jobs
from partnercrm.deals.attachments import FileKind
from partnercrm.kernel.files import Folder, TooLong
from partnercrm.kernel.ids import new_id
from partnercrm.settings import settings
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories.deals import attached, opened
from tests.servers import TestServer
from tests.surfer import Surfer

PDF: Final = b"%PDF-1.7 of the workshop"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PARTNERCRM_FILES_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("PARTNERCRM_FILE_LIMIT", "1024")
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def made(cast: Cast, folder: Path) -> dict[str, Any]:
    return opened(cast, cast.sam)


def packed(**parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name, content in parts.items():
            written.writestr(name.replace("__", "/").replace("_types_", "[Content_Types].xml"), content)
    return target.getvalue()


def bytes_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def aged(folder: Path) -> None:
    """Let everything in the folder have been written two hours ago."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 7200,) * 2)


@pytest.fixture
def sweep(app: Flask, test_server: TestServer, database: str) -> Callable[[], None]:
    """What the worker does every hour."""

    def swept() -> None:
        with on_database(app, test_server.url("worker", database)):
            jobs.sweep_files()

    return swept


def test_both_sides_save_a_file_that_either_put_there_and_a_stranger_finds_nothing(
    cast: Cast, made: dict[str, Any], folder: Path
) -> None:
    told = attached(cast.sam, made, "Sam/../Über \u202egnp.exe\x07 notes.PDF", PDF)

    assert told["name"] == "Über gnp.exe notes.pdf"
    assert (told["size"], told["media_type"], told["author"]["name"]) == (len(PDF), "application/pdf", "Sam")
    assert cast.gina.call("GET", f"/deals/{made['id']}/files", expect=200)["items"] == [told]
    response = cast.gina.response("GET", f"/deal-files/{told['id']}/content")
    assert (response.status_code, response.data) == (200, PDF)
    headers = response.headers
    assert headers["Content-Disposition"].startswith('attachment; filename="_ber gnp.exe notes.pdf"; filename*=UTF-8')
    assert (headers["X-Content-Type-Options"], headers["Content-Type"]) == ("nosniff", "application/octet-stream")
    [path] = [one for one in folder.rglob("*") if one.is_file()]
    assert (path.name, path.stat().st_mode & 0o077) == (told["id"].replace("-", ""), 0)
    for player in (cast.ines, cast.nora):
        player.call("GET", f"/deals/{made['id']}/files", expect=404)
        for path_of in ("", "/content"):
            player.call("GET", f"/deal-files/{told['id']}{path_of}", expect=404)
        if player is cast.ines:
            player.call("POST", f"/deal-files/{told['id']}/remove", expect=404)
            attached(player, made, expect=404)
    assert [one["name"] for one in cast.sam.call("GET", f"/deals/{made['id']}/team", expect=200)["people"]] == ["Sam"]


NOT_TAKEN: Final = (
    ("run.exe", b"MZ"),
    ("page.html", b"<script>"),
    ("picture.svg", b"<svg/>"),
    ("notes", b"a\x00b"),
    ("notes.pdf", b"<html>"),
    ("notes.txt", b"a\x00b"),
    ("notes.txt", b""),
    ("picture.png", PDF),
    ("book.xlsx", b"PK\x03\x04 cut off"),
    ("book.xlsx", packed(_types_="x", word__document="x")),
    ("book.docx", packed(_types_="x", word__document="x", **{"word__vbaProject.bin": "x"})),
    ("letter.odt", packed(mimetype="application/zip")),
    ("long.txt", b"x" * 2000),
)


def test_what_is_not_taken_is_refused_and_leaves_nothing(cast: Cast, made: dict[str, Any], folder: Path) -> None:
    for name, content in NOT_TAKEN:
        refused = attached(cast.sam, made, name, content, expect=422)
        assert [one["field"] for one in refused["errors"]] == ["file"]

    assert bytes_in(folder) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.docx", packed(_types_="x", word__document="x")),
        ("a.odt", packed(mimetype="application/vnd.oasis.opendocument.text")),
        ("without end", PDF),
        ("a.csv", "Größe;1\n".encode("cp1252")),
    ],
)
def test_what_is_taken_is_what_it_says(name: str, content: bytes) -> None:
    kind = attachments.kind_of(name, io.BytesIO(content))

    assert kind is not None
    assert attachments.holds(kind, io.BytesIO(content))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (".txt", "file.txt"),
        ("a" * 300 + ".txt", "a" * 146 + ".txt"),
        ('q"u;o$t|e?.txt', "q u o t e.txt"),
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie b.txt"),
        ("...x.txt", "x.txt"),
    ],
)
def test_a_name_leads_nowhere(sent: str, told: str) -> None:
    assert attachments.told_name(sent, FileKind.TXT) == told


def test_who_put_it_there_or_their_manager_removes_it_and_its_bytes_go(
    app: Flask, cast: Cast, made: dict[str, Any], folder: Path, test_server: TestServer, *, database: str
) -> None:
    ours, theirs = attached(cast.sam, made), attached(cast.gina, made, content=b"Theirs.")

    for player in (cast.gina, cast.hank):
        assert player.call("POST", f"/deal-files/{ours['id']}/remove", expect=403)["code"] == "file_not_yours"
    cast.gina.call("POST", f"/deal-files/{theirs['id']}/remove", expect=204)
    cast.dana.call("POST", f"/deal-files/{ours['id']}/remove", expect=204)

    cast.dana.call("POST", f"/deal-files/{ours['id']}/remove", expect=404)
    assert len(bytes_in(folder)) == 2
    with psycopg.connect(test_server.admin(database)) as connection:
        waiting = "SELECT args FROM procrastinate.procrastinate_jobs WHERE task_name = 'deals.remove_bytes'"
        with on_database(app, test_server.url("worker", database)):
            for (arguments,) in connection.execute(waiting).fetchall():
                jobs.remove_bytes(**arguments)
    assert bytes_in(folder) == []
    verbs = [one["verb"] for one in cast.gina.call("GET", f"/deals/{made['id']}/timeline", expect=200)["items"]]
    assert verbs[-4:] == ["deal.file_added"] * 2 + ["deal.file_removed"] * 2


def test_a_deal_takes_so_many_files_and_no_more(
    cast: Cast, made: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnercrm.deals.actions.attaching.MOST_FILES", 1)
    attached(cast.sam, made)

    assert attached(cast.gina, made, expect=409)["code"] == "too_many_files"
    assert len(bytes_in(folder)) == 1


def test_the_end_of_a_partnership_takes_its_files_along(
    cast: Cast, made: dict[str, Any], folder: Path, sweep: Callable[[], None]
) -> None:
    told = attached(cast.sam, made)
    begun = Folder(folder)
    begun.keep(new_id(), io.BytesIO(b"of a request under way"), 100)
    tag = cast.dana.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"]
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/end", if_match=tag, expect=200)

    cast.sam.call("GET", f"/deal-files/{told['id']}/content", expect=404)
    sweep()
    assert len(bytes_in(folder)) == 2
    aged(folder)
    sweep()
    assert bytes_in(folder) == []


def test_an_erased_persons_files_go_and_others_stay(
    cast: Cast, made: dict[str, Any], folder: Path, sweep: Callable[[], None]
) -> None:
    gone = [attached(cast.sam, made), attached(cast.dana, made, "of sam@acme.example, signed.txt")]
    stays = attached(cast.gina, made, "Sam said.txt", b"Stays.")
    address = {"email": "sam@acme.example"}
    cast.ada.call("POST", "/people/erase", json=address | {"confirmed_email": "sam@acme.example"}, expect=200)

    assert cast.gina.call("GET", f"/deals/{made['id']}/files", expect=200)["items"] == [stays]
    for one in gone:
        cast.dana.call("GET", f"/deal-files/{one['id']}/content", expect=404)
    aged(folder)
    sweep()
    assert bytes_in(folder) == [b"Stays."]


def test_without_a_folder_none_are_taken(cast: Cast, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    told = attached(cast.sam, made)
    monkeypatch.setattr(settings(), "files_directory", None)

    assert attached(cast.sam, made, expect=503)["code"] == "files_not_kept"
    cast.sam.call("GET", f"/deal-files/{told['id']}/content", expect=503)
    jobs.sweep_files()


def test_files_are_put_to_a_deal_and_saved_on_its_page(app: Flask, cast: Cast, made: dict[str, Any]) -> None:
    sam, gina = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "gina@globex.example")
    page = f"/deals/{made['id']}"

    sent = sam.send(f"{page}/files", {"file": (io.BytesIO(PDF), "Notes.pdf")}, shown_on=page)

    assert sent.status_code == 303
    shown = gina.open(page).text
    assert "Notes.pdf" in shown
    [told] = cast.gina.call("GET", f"{page}/files", expect=200)["items"]
    assert f"/deal-files/{told['id']}/remove" not in shown
    assert gina.open(f"/deal-files/{told['id']}/content").data == PDF
    wrong = sam.send(f"{page}/files", {"file": (io.BytesIO(b"MZ"), "run.exe")}, shown_on=page)
    assert wrong.status_code == 422
    assert "Files of this kind are not taken" in wrong.text
    assert sam.send(f"{page}/files", {}, shown_on=page).status_code == 422
    removed = f"/deal-files/{told['id']}/remove"
    assert gina.send(removed, {}, shown_on=page).status_code == 403
    assert sam.send(removed, {}, shown_on=page).status_code == 303


def test_a_folder_keeps_whole_files_only(tmp_path: Path) -> None:
    kept, key = Folder(tmp_path), new_id()

    with pytest.raises(TooLong):
        kept.keep(key, io.BytesIO(b"12345"), 4)

    assert bytes_in(tmp_path) == []
    with pytest.raises(FileNotFoundError):
        kept.opened(key)
    kept.remove(key)
