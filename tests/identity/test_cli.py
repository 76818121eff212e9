"""Identity on the command line: sentences for what is wrong, and a way back for who lost a password."""

import pytest
from click.testing import Result
from flask import Flask

from partnercrm.identity import actions, queries
from partnercrm.identity.cli import identity
from partnercrm.identity.errors import WrongSignIn
from partnercrm.identity.secrets import fingerprint
from partnercrm.kernel import db
from tests.cast import PASSWORD, Cast, Player


def run(app: Flask, *words: str) -> Result:
    app.cli.commands.setdefault("identity", identity)
    return app.test_cli_runner().invoke(identity, words)


def said(result: Result) -> str:
    """Return what a command that refused said; it ends in sentences, not in a trace."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    return result.output


def last_word(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.split()[-1]


def test_an_organization_is_founded_with_somebody_who_signs_in(app: Flask) -> None:
    done = run(app, "found", "Alder", "--name", "Alice Ahlberg", "--email", "Alice@alder.example")

    actor, _ = actions.sign_in("alice@alder.example", last_word(done), "192.0.2.1")
    assert f"Alder ({actor.organization_id}) was founded." in done.output


def test_an_address_founds_once_only_so_that_a_token_can_be_made_for_it(app: Flask, cast: Cast) -> None:
    alice = ("--name", "Alice", "--email", "alice@alder.example")
    run(app, "found", "Alder", *alice)

    again = said(run(app, "found", "Alder", *alice))

    assert "Somebody signs in with alice@alder.example already" in again
    token = last_word(run(app, "token", "--email", "alice@alder.example", "--name", "journey"))
    me = Player(app, "alice@alder.example", token).call("GET", "/me", expect=200)
    assert (me["organization"], me["name"]) == ("Alder", "Alice")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("found", " ", "--name", "Alice", "--email", "alice@alder.example"), ["organization"]),
        (("found", "Alder", "--name", "", "--email", "notmail"), ["email", "name"]),
        (("add", "--organization-of", "ada@acme.example", "--email", "x", "--name", "", "--role", "seller"), ["name"]),
        (("add", "--organization-of", "ada@acme.example", "--email", "uma@b.example", "--name", "Uma", "--role",
          "seller"), ["email"]),
        (("token", "--email", "ada@acme.example", "--name", ""), ["name"]),
    ],
)  # fmt: skip
def test_wrong_options_are_named_in_sentences(app: Flask, cast: Cast, words: list[str], wrong: list[str]) -> None:
    told = said(run(app, *words))

    assert all(f"{name}: " in told for name in wrong)


@pytest.mark.parametrize("command", [["password"], ["token", "--name", "CRM"]])
def test_an_unknown_address_is_said_to_be_unknown(app: Flask, cast: Cast, command: list[str]) -> None:
    assert "0 people sign in with nobody@acme.example" in said(run(app, *command, "--email", "nobody@acme.example"))


def test_a_lost_password_is_replaced_and_whoever_is_signed_in_is_signed_out(app: Flask, cast: Cast) -> None:
    _, secret = actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")

    fresh = last_word(run(app, "password", "--email", "Sam@acme.example"))

    with db.transaction(None, read_only=True):
        assert queries.behind_session(fingerprint(secret)) is None
    with pytest.raises(WrongSignIn):
        actions.sign_in("sam@acme.example", PASSWORD, "192.0.2.1")
    actions.sign_in("sam@acme.example", fresh, "192.0.2.1")
    actions.sign_in("gina@globex.example", PASSWORD, "192.0.2.1")
    told = cast.ada.call("GET", "/activities", expect=200)["items"]
    assert "user.password_reset" in {entry["verb"] for entry in told}


def test_a_founded_organization_gets_more_people(app: Flask, cast: Cast) -> None:
    uma = ("--email", "uma@acme.example", "--name", "Uma")

    added = run(app, "add", "--organization-of", "ada@acme.example", *uma, "--role", "seller", "--role", "executive")

    actor, _ = actions.sign_in("uma@acme.example", last_word(added), "192.0.2.1")
    user = cast.ada.call("GET", f"/users/{actor.user_id}", expect=200)
    assert (user["name"], user["roles"]) == ("Uma", ["executive", "seller"])
    again = run(app, "add", "--organization-of", "ada@acme.example", *uma, "--role", "seller")
    assert "mail address already" in said(again)
