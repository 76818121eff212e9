"""The first run: only who can read the operator's code founds, once; then the panel leads on and hides when done."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import Result
from flask import Flask

from partnercrm.identity import actions
from partnercrm.identity.cli import setup_code as printed
from partnercrm.identity.errors import SetUpAlready
from partnercrm.identity.setup_codes import fits, setup_code
from partnercrm.settings import settings
from tests.cast import Cast
from tests.conftest import on_database
from tests.servers import TestServer
from tests.surfer import Surfer

GIVEN = {
    "organization": "Alder",
    "name": "Alice Ahlberg",
    "email": "alice@alder.example",
    "password": "a long enough sentence",
}


@pytest.fixture
def empty(application: Flask, template: str, test_server: TestServer) -> Iterator[Flask]:
    """The application on a migrated database in which nobody is."""
    name = test_server.copy(template)
    with on_database(application, test_server.url("app", name)):
        yield application
    test_server.drop(name)


def code() -> str:
    key = settings().secret_key
    assert key
    return setup_code(key.get_secret_value())


def run(app: Flask) -> Result:
    app.cli.commands.setdefault("setup-code", printed)
    return app.test_cli_runner().invoke(printed)


def headings(page: str) -> list[str]:
    panel = page.partition('id="getting-started"')[2].partition("</section>")[0]
    return re.findall(r"<li([^>]*)>", panel)


def test_a_first_visit_leads_to_the_set_up_page_and_the_code_opens_it_once(empty: Flask) -> None:
    surfer = Surfer(empty)
    assert surfer.open("/").headers["Location"].startswith("/sign-in")
    assert surfer.open("/sign-in").headers["Location"] == "/set-up"
    wrong = surfer.send("/set-up", GIVEN | {"code": "ABCDE-FGHIJ-KLMNO-PQRST"}, shown_on="/set-up")
    assert wrong.status_code == 422
    assert "not the code" in wrong.text
    assert GIVEN["password"] not in wrong.text

    typed = run(empty).output.strip().lower().replace("-", " ")
    done = surfer.send("/set-up", GIVEN | {"code": typed, "manages": "true"}, shown_on="/set-up")

    assert done.headers["Location"] == "/"
    home = surfer.open("/").text
    assert "Getting started" in home
    assert headings(home) == [' aria-current="step"', ' class="done"', "", "", ""]
    assert Surfer(empty).open("/set-up").headers["Location"] == "/sign-in"
    again = Surfer(empty)
    late = again.post("/set-up", again.hidden("/sign-in") | GIVEN | {"code": typed})
    assert late.headers["Location"] == "/sign-in"
    assert run(empty).exit_code == 1


def test_two_at_once_found_one_organization(empty: Flask) -> None:
    def found(number: int) -> bool:
        with empty.app_context():
            try:
                given = GIVEN | {"email": f"alice@alder{number}.example", "code": code(), "manages": False}
                actions.set_up(given, f"192.0.2.{number}", "")
            except SetUpAlready:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(found, range(4))) == [False] * 3 + [True]


def test_an_administrator_without_the_scope_is_told_who_may_and_can_give_the_role(empty: Flask) -> None:
    surfer = Surfer(empty)
    surfer.send("/set-up", GIVEN | {"code": code()}, shown_on="/set-up")

    home = surfer.open("/").text
    assert "Nobody&#39;s roles include this yet." in home or "Nobody's roles include this yet." in home
    assert home.count('href="/people">Give someone the role') == 2

    (path,) = set(re.findall(r"/people/[0-9a-f-]{36}", surfer.open("/people").text))
    version = re.findall(r'name="version" value="([^"]+)"', surfer.open(path).text)[0]
    sent = {"name": "Alice", "roles": ["admin", "partner_manager"], "version": version}
    surfer.send(f"{path}/edit", sent, shown_on=path)

    home = surfer.open("/").text
    assert "Give someone the role" not in home
    assert "/imports" in home


def test_where_somebody_else_may_their_name_stands_there(app: Flask, cast: Cast) -> None:
    home = Surfer.signed_in(app, "ada@acme.example").open("/").text

    assert "It can be done by Dana, Nora, Sam." in home
    assert "Getting started" not in Surfer.signed_in(app, "dana@acme.example").open("/").text


def test_what_is_wrong_is_named_at_once_and_nothing_is_founded(empty: Flask) -> None:
    surfer = Surfer(empty)

    refused = surfer.send("/set-up", {"email": "nobody", "password": "short"}, shown_on="/set-up")

    assert refused.status_code == 422
    for field in ("code", "organization", "name", "email", "password"):
        assert f'href="#{field}"' in refused.text
    assert surfer.open("/sign-in").headers["Location"] == "/set-up"


def test_a_code_is_another_for_another_installation() -> None:
    assert re.fullmatch(r"([A-Z2-7]{5}-){3}[A-Z2-7]{5}", setup_code("one key"))
    assert fits(setup_code("one key").lower(), "one key")
    assert not fits(setup_code("one key"), "another key")
