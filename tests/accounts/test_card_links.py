"""How a card's link ends: with its time, its seller, its token, their partnerships, its account, or a changed byte."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from partnercrm.accounts import cards as rules
from partnercrm.accounts.queries.cards import PURPOSE
from partnercrm.kernel import clock
from partnercrm.web.signing import signer
from tests.cast import Cast, Player
from tests.factories import cards, mapping
from tests.factories.cards import asked, opened


def _disable(cast: Cast, player: Player) -> None:
    _change(cast, player, disabled=True)


def _change(cast: Cast, player: Player, **given: Any) -> None:
    path = f"/users/{player.actor.user_id}"
    cast.ada.call("PATCH", path, json=given, if_match=cast.ada.response("GET", path).headers["ETag"], expect=200)


def _revoke(cast: Cast, player: Player) -> None:
    player.call("POST", f"/tokens/{player.actor.token_id}/revoke", expect=200)


def _leave(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    members = cast.dana.call("GET", path, expect=200)["members"]
    [member_id] = [one["id"] for one in members if one["name"] == "Sam"]
    cast.dana.call("POST", f"{path}/members/{member_id}/release", expect=200)


def _end(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)


def _discard(cast: Cast, program: Player) -> None:
    path = "/accounts/by-key/crm/A1"
    read = cast.sam.response("GET", path)
    cast.sam.call("DELETE", f"/accounts/{read.json['id']}", if_match=read.headers["ETag"], expect=204)


ENDS: dict[str, Callable[[Cast, Player], object]] = {
    "the seller is disabled": lambda cast, _: _disable(cast, cast.sam),
    "the integration is disabled": _disable,
    "its token is revoked": _revoke,
    "the integration is none any more": lambda cast, program: _change(cast, program, roles=["seller"]),
    "the seller reads accounts no more": lambda cast, _: _change(cast, cast.sam, roles=["admin"]),
    "the seller left the partnership": lambda cast, _: _leave(cast),
    "the partnership ended": lambda cast, _: _end(cast),
    "the account is gone": _discard,
    "nobody may show it": lambda cast, _: cards.shown_at(cast.ada),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_link_is_dead_once(cast: Cast, program: Player, common: str, end: Callable[[Cast, Player], object]) -> None:
    path = asked(program, common, email="sam@acme.example")
    assert opened(program, path).status_code == 200
    end(cast, program)

    _is_dead(program, path)


def test_a_link_of_ones_own_is_dead_once_the_token_is_revoked(cast: Cast, program: Player, common: str) -> None:
    path, app = asked(cast.sam, common), cast.sam
    _revoke(cast, cast.sam)

    _is_dead(app, path)


def test_a_link_lives_five_minutes(cast: Cast, program: Player, common: str) -> None:
    made = program.call("POST", f"/accounts/{common}/card", json={"email": "sam@acme.example"}, expect=200)
    path, now = "/" + made["address"].split("/", 3)[3], clock.now()
    with clock.at(now + rules.LIVES - timedelta(seconds=10)):
        assert opened(program, path).status_code == 200
    with clock.at(now + rules.LIVES):
        _is_dead(program, path)


def test_a_link_that_was_changed_or_signed_for_something_else_is_dead(cast: Cast, program: Player, common: str) -> None:
    path = asked(program, common, email="sam@acme.example")
    link = path.removeprefix("/card-")
    payload, _, signature = link.rpartition(".")
    written = signer(PURPOSE).loads(link)
    other = mapping.account(cast.sam, "Other")["id"].replace("-", "")
    forged = signer("unsubscribe").dumps([*written[:2], other, *written[3:]])
    for wrong in (
        f"{payload}.{signature[:-2]}AA",
        f"{payload}x.{signature}",
        payload,
        forged,
        f"{forged.rpartition('.')[0]}.{signature}",
        signer("unsubscribe").dumps(written),
        signer(PURPOSE).dumps("unsigned"),
        signer(PURPOSE).dumps([*written[:5], 10**30]),
        signer(PURPOSE).dumps(written[:3]),
        "x",
        "a" * 5000,
    ):
        _is_dead(program, f"/card-{wrong}")


def test_a_link_names_one_account_of_one_organization(cast: Cast, program: Player, common: str) -> None:
    path = asked(program, common, email="sam@acme.example")
    written = signer(PURPOSE).loads(path.removeprefix("/card-"))
    globex = cast.gina.actor.organization_id.hex
    theirs = mapping.account(cast.gina, "Theirs alone")["id"].replace("-", "")
    for at, value in ((0, globex), (1, cast.gina.actor.user_id.hex), (2, theirs), (3, uuid4().hex)):  # type: ignore[union-attr]
        changed = [value if place == at else part for place, part in enumerate(written)]
        _is_dead(program, f"/card-{signer(PURPOSE).dumps(changed)}")


def _is_dead(player: Player, path: str) -> None:
    """See that an address looks as if it never was, and that nobody may frame that."""
    found = opened(player, path)
    never = opened(player, "/card-never")
    assert found.status_code == never.status_code == 404
    assert _plain(found.text) == _plain(never.text)
    assert "Common" not in found.text
    assert "frame-ancestors 'none'" in found.headers["Content-Security-Policy"]
    assert found.headers["X-Frame-Options"] == "DENY"


def _plain(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)
