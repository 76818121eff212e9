"""Where a person is signed in: seen by them alone, ended one by one or all at once; their password."""

import re
from typing import Any

from flask import Flask

from tests.cast import PASSWORD, Cast, Player
from tests.surfer import Surfer

FRESH = "another long enough sentence"


def sessions(player: Player) -> list[Any]:
    found: list[Any] = player.call("GET", "/sessions", expect=200)["items"]
    return found


def is_in(surfer: Surfer) -> bool:
    return surfer.open("/").status_code == 200


def test_a_person_ends_one_session_and_then_all_others(app: Flask, cast: Cast) -> None:
    first, second, third = (Surfer.signed_in(app, "sam@acme.example") for _ in range(3))
    page = first.open("/account").text
    assert page.count("This one") == 1
    (oldest, *_) = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", page)[::-1]

    assert first.send(f"/account/sessions/{oldest}/end", {}, shown_on="/account").status_code == 303
    assert [is_in(surfer) for surfer in (first, second, third)].count(True) == 2

    assert first.send("/account/sessions/end-others", {}, shown_on="/account").status_code == 303
    assert (is_in(first), is_in(third)) == (True, False)
    assert len(sessions(cast.sam)) == 1


def test_the_api_lists_and_ends_the_callers_own_sessions(app: Flask, cast: Cast) -> None:
    surfers = [Surfer.signed_in(app, "sam@acme.example") for _ in range(2)]
    (newest, oldest) = sessions(cast.sam)
    assert (newest["browser"], newest["system"], newest["is_present"]) == ("", "", False)

    cast.sam.call("POST", f"/sessions/{oldest['id']}/end", expect=204)
    assert sessions(cast.sam) == [newest]
    cast.sam.call("POST", f"/sessions/{oldest['id']}/end", expect=404)
    cast.sam.call("POST", "/sessions/end-others", expect=204)

    assert [is_in(surfer) for surfer in surfers] == [False, False]


def test_nobody_else_sees_where_a_person_is_signed_in_but_an_administrator_ends_it(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    (mine,) = sessions(cast.sam)
    for other in (cast.ada, cast.dana, cast.ines):
        assert sessions(other) == []
        other.call("POST", f"/sessions/{mine['id']}/end", expect=404)
    sam = cast.sam.actor.user_id
    cast.dana.call("POST", f"/users/{sam}/end-sessions", expect=403)
    cast.ines.call("POST", f"/users/{sam}/end-sessions", expect=404)
    assert is_in(surfer)

    cast.ada.call("POST", f"/users/{sam}/end-sessions", expect=200)

    assert not is_in(surfer)
    cast.sam.call("GET", "/me", expect=200)


def test_a_person_changes_their_password_and_is_signed_out_everywhere_else(app: Flask, cast: Cast) -> None:
    here, elsewhere = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "sam@acme.example")
    sent = {"present_password": PASSWORD, "password": FRESH}

    assert here.send("/account/password", sent, shown_on="/account").status_code == 303

    assert (is_in(here), is_in(elsewhere)) == (True, False)
    for password, status in ((PASSWORD, 401), (FRESH, 303)):
        entry = {"email": "sam@acme.example", "password": password}
        assert Surfer(app).send("/sign-in", entry, shown_on="/sign-in").status_code == status
    cast.sam.call("GET", "/me", expect=200)


def test_without_the_present_password_or_with_a_short_one_nothing_changes(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    for sent, wrong in (
        ({"present_password": "not the password", "password": FRESH}, "present_password"),
        ({"present_password": PASSWORD, "password": "short"}, "password"),
        ({}, "present_password"),
    ):
        answer = surfer.send("/account/password", sent, shown_on="/account")
        assert answer.status_code == 422
        assert f'href="#{wrong}"' in answer.text
        assert FRESH not in answer.text

    Surfer.signed_in(app, "sam@acme.example")


def test_the_present_password_cannot_be_guessed_without_end(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    hidden = surfer.hidden("/account")
    answers = [
        surfer.post(
            "/account/password", hidden | {"form_key": str(n), "present_password": f"guess {n}", "password": FRESH}
        ).status_code
        for n in range(12)
    ]

    assert answers[:10] == [422] * 10
    assert answers[10:] == [429] * 2
