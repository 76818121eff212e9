"""Splits of deals for tests."""

from typing import Any, Final

from tests.cast import Cast, Player
from tests.factories import deals, terms

TEMPLATE: Final = {
    "name": "We sell together",
    "role": "co_sell",
    "source_split": 600_000,
    "partner_overlay": 50_000,
    "referral_fee": 100_000,
    "referral_payer": "partner",
}


def allowed(cast: Cast, **given: Any) -> dict[str, Any]:
    """Let both sides agree on overlays of 10 % and on one template, or on what is given; return the terms."""
    return terms.agree(cast, **({"overlay_cap_percent": 10, "split_templates": [TEMPLATE]} | given))


def split(cast: Cast, acme: int = 600_000, *, based_on: int = 0, **given: Any) -> dict[str, Any]:
    """Return a split to propose: so many millionths for Acme, the rest for Globex."""
    sides = (str(cast.dana.actor.organization_id), str(cast.hank.actor.organization_id))
    parts = zip(sides, (acme, 1_000_000 - acme), strict=True)
    shares = [{"organization_id": side, "revenue_split": part} for side, part in parts]
    return {"based_on": based_on, "role": "co_sell", "shares": shares} | given


def propose(player: Player, made: dict[str, Any], given: dict[str, Any], *, expect: int = 201) -> dict[str, Any]:
    """Propose how a deal is shared."""
    told: dict[str, Any] = player.call("POST", f"/deals/{made['id']}/split-proposals", json=given, expect=expect)
    return told


def answer(player: Player, proposed: dict[str, Any], verb: str, *, expect: int = 200, **options: Any) -> dict[str, Any]:
    """Accept, decline, withdraw or change what was proposed."""
    told: dict[str, Any] = player.call("POST", f"/split-proposals/{proposed['id']}/{verb}", expect=expect, **options)
    return told


def agree(cast: Cast, made: dict[str, Any], acme: int = 600_000, **given: Any) -> dict[str, Any]:
    """Let Acme propose a split and Globex accept it."""
    last = cast.dana.call("GET", f"/deals/{made['id']}/sharing", expect=200)["version"]
    return answer(cast.hank, propose(cast.dana, made, split(cast, acme, based_on=last, **given)), "accept")


def divide(player: Player, made: dict[str, Any], *, expect: int = 200, **given: Any) -> Any:
    """Divide a side's own share: half of it each for these, or as given."""
    path = f"/deals/{made['id']}/division"
    tag = player.response("GET", path).headers["ETag"]
    return player.call("PUT", path, json=given, if_match=tag, expect=expect)


def divided(cast: Cast) -> str:
    """Let Acme's seller write about a deal, and so work on it, and have all of its side's share; return its id."""
    made = deals.opened(cast, cast.dana, company="Written")
    deals.written(cast.sam, made)
    path = f"/deals/{made['id']}/division"
    given = {"whole": 1, "participants": [{"user_id": str(cast.sam.actor.user_id), "parts": 1}]}
    tag = cast.dana.response("GET", path).headers["ETag"]
    cast.dana.call("PUT", path, json=given, if_match=tag, expect=200)
    deal_id: str = made["id"]
    return deal_id
