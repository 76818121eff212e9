"""Where cards may be shown: https origins and nothing else, said by administrators, with the record of who said so."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.identity.origins import MOST, WRONG, origin
from tests.cast import Cast
from tests.factories import cards
from tests.factories.cards import CRM
from tests.surfer import Surfer

WRONG_ONES = [
    "http://crm.acme.example",
    "https://crm.acme.example/",
    "https://crm.acme.example/path",
    "https://*.acme.example",
    "https://crm.acme.example:0",
    "https://crm.acme.example:65536",
    "https://crm.acme.example:",
    "https://user@crm.acme.example",
    "https://crm.acme.example https://evil.example",
    "https://crm.acme.example; script-src *",
    "https://crm.acme.example,https://evil.example",
    "https://crm.acme.example\n",
    "https://localhost",
    "https://127.0.0.1",
    "https://[::1]",
    "https://-crm.acme.example",
    "https://crm..example",
    "https://crm.acme.example?x",
    "https://crm.acme.example#x",
    "https://crmé.example",
    "'self'",
    "*",
    "https:",
    "data:",
    "",
    "https://" + "a." * 130 + "example",
]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (CRM, CRM),
        ("https://CRM.Acme.Example", CRM),
        ("https://crm.acme.example:443", CRM),
        ("https://crm.acme.example:8443", "https://crm.acme.example:8443"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(written: str, kept: str) -> None:
    assert origin(written) == kept


@pytest.mark.parametrize("written", WRONG_ONES)
def test_what_is_no_https_origin_is_refused(cast: Cast, written: str) -> None:
    with pytest.raises(ValueError, match="Write it as"):
        origin(written)
    tag = cast.ada.response("GET", "/embedding").headers["ETag"]
    refused = cast.ada.call("PATCH", "/embedding", json={"origins": [CRM, written]}, if_match=tag, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["origins.1"]
    assert cast.ada.call("GET", "/embedding", expect=200) == {"origins": []}


@given(st.text(max_size=80) | st.text(alphabet="https:/.-0a;' *,", max_size=40).map("https://".__add__))
def test_nothing_that_ends_a_policy_is_ever_kept(written: str) -> None:
    try:
        kept = origin(written)
    except ValueError:
        return
    assert kept.startswith("https://")
    assert not set(kept.removeprefix("https://")) - set("abcdefghijklmnopqrstuvwxyz0123456789.-:")


def test_an_administrator_says_it_and_the_record_keeps_who(cast: Cast) -> None:
    told = cards.shown_at(cast.ada, "https://CRM.acme.example:443", CRM, "https://two.acme.example")

    assert told == {"origins": [CRM, "https://two.acme.example"]}
    [entry] = [one for one in cast.ada.call("GET", "/activities")["items"] if one["verb"] == "embedding.changed"]
    assert entry["user_id"] == str(cast.ada.actor.user_id)
    assert cast.ines.call("GET", "/embedding", expect=200) == {"origins": []}


def test_it_is_changed_with_the_version_read_alone(cast: Cast) -> None:
    tag = cast.ada.response("GET", "/embedding").headers["ETag"]
    cards.shown_at(cast.ada, CRM)

    assert cast.ada.call("PATCH", "/embedding", json={"origins": []}, if_match=tag, expect=412)["code"] == "stale"
    cast.ada.call("PATCH", "/embedding", json={"origins": []}, expect=428)


def test_saying_the_same_again_is_no_change(cast: Cast) -> None:
    cards.shown_at(cast.ada, CRM)
    before = cast.ada.response("GET", "/embedding").headers["ETag"]
    cards.shown_at(cast.ada, CRM)

    assert cast.ada.response("GET", "/embedding").headers["ETag"] == before


@pytest.mark.parametrize("body", [{}, {"origins": None}, {"origins": CRM}, {"origins": [CRM] * (MOST + 1)}, {"x": []}])
def test_what_is_no_list_of_origins_is_refused(cast: Cast, body: dict[str, object]) -> None:
    tag = cast.ada.response("GET", "/embedding").headers["ETag"]

    assert cast.ada.call("PATCH", "/embedding", json=body, if_match=tag, expect=422)["code"] == "invalid"


def test_sellers_and_managers_neither_read_nor_say_it(cast: Cast) -> None:
    for player in (cast.dana, cast.sam):
        assert player.response("GET", "/embedding").status_code == 403
        assert player.response("PATCH", "/embedding", json={"origins": []}, if_match='"x"').status_code == 403


def test_it_is_said_on_the_organizations_page(app: Flask, cast: Cast) -> None:
    ada, path = Surfer.signed_in(app, "ada@acme.example"), "/organization/embedding"
    assert path in ada.open("/organization").text
    assert "Nowhere yet" in ada.open(path).text

    sent = {"version": _version(ada, path), "origins": f"{CRM}\nhttps://two.acme.example\n"}
    assert ada.send(path, sent, shown_on=path).status_code == 303
    assert f"{CRM}\nhttps://two.acme.example" in ada.open(path).text
    assert ada.send(path, sent, shown_on=path).status_code == 409
    wrong = ada.send(path, {"version": _version(ada, path), "origins": f"{CRM}\n*"}, shown_on=path)
    assert wrong.status_code == 422
    assert f"*: {WRONG}" in wrong.text

    assert ada.send(path, {"version": _version(ada, path), "origins": ""}, shown_on=path).status_code == 303
    assert cast.ada.call("GET", "/embedding", expect=200) == {"origins": []}
    many = "\n".join(f"https://crm{number}.acme.example" for number in range(MOST + 1))
    assert ada.send(path, {"version": _version(ada, path), "origins": many}, shown_on=path).status_code == 422


def _version(surfer: Surfer, path: str) -> str:
    return surfer.open(path).text.partition('name="version" value="')[2].partition('"')[0]
