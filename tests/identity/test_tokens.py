"""API tokens: what they may do, how long they live, when they were used."""

from datetime import UTC, datetime, timedelta
from typing import Any

from partnercrm.identity.authenticator import Recognition
from partnercrm.kernel import clock
from tests.cast import Cast, Player


def make(player: Player, *scopes: str, expect: int = 201, **fields: Any) -> Any:
    return player.call("POST", "/tokens", json={"name": "CRM", "scopes": scopes, **fields}, expect=expect)


def test_a_token_does_what_its_scopes_say_and_its_secret_is_shown_once(cast: Cast) -> None:
    made = make(cast.sam, "leads:read")
    token = Player(cast.app, "token", made["secret"])

    assert token.call("GET", "/me", expect=200)["scopes"] == ["leads:read"]
    assert token.call("GET", "/leads", expect=200)["items"] == []
    refused = token.call("POST", "/leads", json={"company_name": "Contoso", "need": "Kite"}, expect=403)
    assert refused["facts"] == {"scope": "leads:write"}
    listed = cast.sam.response("GET", "/tokens").text
    assert made["id"] in listed
    assert made["secret"] not in listed


def test_scopes_beyond_ones_own_are_refused_also_through_a_narrower_token(cast: Cast) -> None:
    refused = make(cast.sam, "leads:read", "leads:all", "identity:write", expect=403)
    assert (refused["code"], refused["facts"]) == (
        "scopes_beyond_yours",
        {"scopes": ["identity:write", "leads:all"]},
    )
    narrow = Player(cast.app, "narrow", make(cast.sam, "tokens:write", "leads:read")["secret"])
    make(narrow, "leads:write", expect=403)
    make(narrow, "leads:read")
    assert make(cast.sam, "leads:everything", expect=422)["errors"][0]["field"] == "scopes.0"
    assert make(cast.sam, expect=422)["errors"][0]["field"] == "scopes"


def test_a_token_lives_as_long_as_asked_and_not_a_moment_longer(cast: Cast) -> None:
    made = make(cast.sam, "leads:read", days=3)
    lives = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    by_default = make(cast.sam, "leads:read")

    assert lives == timedelta(days=3)
    assert datetime.fromisoformat(by_default["expires_at"]) - datetime.fromisoformat(
        by_default["created_at"]
    ) == timedelta(days=90)
    assert make(cast.sam, "leads:read", days=366, expect=422)["errors"][0]["field"] == "days"
    assert make(cast.sam, "leads:read", days=0, expect=422)["errors"][0]["field"] == "days"

    with clock.at(datetime.now(UTC) - timedelta(days=4)):
        old = make(cast.sam, "leads:read", days=3)
    assert Player(cast.app, "old", old["secret"]).response("GET", "/me").status_code == 401


def test_a_revoked_token_ends_at_once_and_twice_changes_nothing(cast: Cast) -> None:
    made = make(cast.sam, "leads:read")
    token = Player(cast.app, "token", made["secret"])
    token.call("GET", "/me", expect=200)

    revoked = cast.sam.call("POST", f"/tokens/{made['id']}/revoke", expect=200)
    again = cast.sam.call("POST", f"/tokens/{made['id']}/revoke", expect=200)

    assert revoked["revoked_at"] is not None
    assert again == revoked
    assert token.call("GET", "/me", expect=401)["code"] == "not_signed_in"


def test_tokens_are_ones_own_but_an_administrator_sees_and_ends_those_of_the_organization(cast: Cast) -> None:
    made = make(cast.sam, "leads:read")
    path = f"/tokens/{made['id']}/revoke"

    for other in (cast.nora, cast.dana, cast.gina, cast.ines):
        other.call("POST", path, expect=404)
        assert made["id"] not in other.response("GET", "/tokens?limit=200").text
    assert made["id"] in cast.ada.response("GET", "/tokens?limit=200").text
    cast.ada.call("POST", path, expect=200)


def test_the_last_use_is_noted_at_most_once_a_minute(cast: Cast) -> None:
    made = make(cast.sam, "leads:read")
    start = datetime.now(UTC)

    def used(after: float) -> str:
        with clock.at(start + timedelta(seconds=after)):
            assert Recognition().by_token(made["secret"]) is not None
        tokens = {token["id"]: token for token in cast.sam.call("GET", "/tokens", expect=200)["items"]}
        last: str = tokens[made["id"]]["last_used_at"]
        return last

    assert made["last_used_at"] is None
    first = used(0)
    assert datetime.fromisoformat(first) == start
    assert used(59) == first
    assert datetime.fromisoformat(used(61)) == start + timedelta(seconds=61)


def test_what_is_no_token_of_ours_is_nobody(cast: Cast) -> None:
    secret = cast.sam.token
    mistyped = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    headers = ["", "Bearer", "Bearer ", f"Basic {secret}", f"Bearer {mistyped}", f"Bearer {secret} x", "Bearer é"]
    for header in headers:
        answer = cast.sam.response("GET", "/me", headers={"Authorization": header.encode().decode("latin-1")})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="partnercrm"'), header
    assert cast.sam.response("GET", "/me", headers={"Authorization": f"bearer  {secret} "}).status_code == 200
