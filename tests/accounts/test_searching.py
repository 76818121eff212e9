"""Accounts are found while a person types, also misspelt; only one's own, and the one that was meant first."""

import pytest
from flask import Flask

from partnercrm.accounts.ranking import closeness
from tests.cast import Cast, Player
from tests.factories import accounts
from tests.surfer import Surfer

NAMES = ("Gröner Maschinenbau GmbH", "Nordgröner AG", "Contoso 100%_Cotton", "Müller & Söhne", "Straßenbau Weiß KG")


def found(player: Player, q: str) -> list[str]:
    hits = player.call("GET", "/accounts/search", query_string={"q": q}, expect=200)["accounts"]
    return [one["name"] for one in hits]


@pytest.fixture
def sam(cast: Cast) -> Player:
    """Somebody with a few accounts, among them one with a domain that says nothing of its name."""
    for name in NAMES:
        accounts.account(cast.sam, name=name)
    accounts.account(cast.sam, name="Holding 7", web_domains=["tailspin.example"])
    return cast.sam


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("g", "Gröner Maschinenbau GmbH"),
        ("groner", "Gröner Maschinenbau GmbH"),
        ("GRÖNER", "Gröner Maschinenbau GmbH"),
        ("maschinenbu", "Gröner Maschinenbau GmbH"),
        ("mueller", "Müller & Söhne"),
        ("strassenbau", "Straßenbau Weiß KG"),
        ("tailsp", "Holding 7"),
        ("nordgroner ag", "Nordgröner AG"),
        ("ag", "Nordgröner AG"),
        ("%_", "Contoso 100%_Cotton"),
    ],
)
def test_what_was_meant_comes_first(sam: Player, q: str, first: str) -> None:
    assert found(sam, q)[0] == first


@pytest.mark.parametrize("q", ["zzzz", "\\", "tailspin.example.com", "_"])
def test_what_is_nowhere_is_not_found(sam: Player, q: str) -> None:
    assert found(sam, q) == ([] if q != "_" else ["Contoso 100%_Cotton"])


def test_nobody_finds_what_others_keep(sam: Player, cast: Cast) -> None:
    assert found(cast.nora, "groner")
    assert found(cast.gina, "groner") == found(cast.ines, "tailspin") == []
    cast.ada.call("GET", "/accounts/search?q=groner", expect=403)


def test_a_list_is_searched_with_its_other_filters_and_in_its_order(sam: Player, app: Flask) -> None:
    accounts.account(sam, name="Gröner Austria", country="AT")

    listed = sam.call("GET", "/accounts?q=groner&sort=-name", expect=200)["items"]
    assert [one["name"] for one in listed] == ["Nordgröner AG", "Gröner Maschinenbau GmbH", "Gröner Austria"]
    page = Surfer.signed_in(app, "sam@acme.example").open("/accounts?q=groner&country=AT").text
    assert ("Gröner Austria" in page, "Nordgröner" in page, "1 account shown" in page) == (True, False, True)


def test_what_begins_so_lies_before_words_that_do_and_before_what_is_alike() -> None:
    marks = [closeness("nor", name, domains) for name, domains in (("Nordic", []), ("A Nordic", []), ("Manor", []))]

    assert marks == sorted(marks, reverse=True)
    assert len(set(marks)) == 3
    assert closeness("nor", "Holding 7", ["nordic.example"]) == marks[0]
