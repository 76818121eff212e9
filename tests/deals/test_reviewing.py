"""The clock asks for a review, then its manager, then does what was agreed for silence; protection ends by itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from partnercrm.deals.actions import watching
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player
from tests.factories import notices, terms
from tests.factories.deals import ago, go, register
from tests.factories.notices import Errands


def look(player: Player, made: dict[str, Any], days: float, act: Callable[..., None] = watching.ask_for_review) -> None:
    """Let the clock come by in so many days, by the hand of the player's organization."""
    actor = Actor.system(player.actor.organization_id)
    with clock.at(ago(-days)), db.transaction(actor):
        act(actor, UUID(made["id"]))


def told(player: Player, errands: Errands) -> list[str]:
    """Return what a player was told about registrations, newest first."""
    errands.run("notices.tell")
    return [one.removeprefix("registration.") for one in notices.told(player) if one.startswith("registration.")]


def read(cast: Cast, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = cast.sam.call("GET", f"/registrations/{made['id']}", expect=200)
    return found


@pytest.mark.parametrize(("default", "comes_to"), [("expired", "expired"), ("approved", "approved")])
def test_silence_means_what_was_agreed_after_a_reminder_and_an_escalation(
    default: str, comes_to: str, cast: Cast, errands: Errands
) -> None:
    terms.agree(cast, review_hours=24, review_default=default)
    made = register(cast.sam, cast.partnership_id)

    look(cast.hank, made, 0.6)
    look(cast.hank, made, 0.7)
    look(cast.hank, made, 1.1)
    look(cast.sam, made, 1.1)
    assert read(cast, made)["status"] == "submitted"
    assert told(cast.hank, errands) == ["review_late", "review_due", "submitted"]
    with clock.at(ago(-3)):
        go(cast.hank, made, "approve", expect=409)
    look(cast.hank, made, 3)

    assert read(cast, made)["status"] == comes_to
    assert comes_to in told(cast.sam, errands)
    look(cast.hank, made, 4)


def test_what_was_asked_for_and_not_answered_ends_whatever_silence_means(cast: Cast, errands: Errands) -> None:
    terms.agree(cast, review_hours=24, review_default="approved")
    made = register(cast.sam, cast.partnership_id)
    go(cast.hank, made, "ask", asked_fields=["asks"], note="What do you need?")

    look(cast.hank, made, 3)
    assert read(cast, made)["status"] == "action_required"
    look(cast.sam, made, 3)

    assert read(cast, made)["status"] == "expired"
    assert {"returned", "review_due", "expired"} <= set(told(cast.sam, errands))


def test_protection_ends_by_itself_and_later_once_it_was_extended(cast: Cast, errands: Errands) -> None:
    terms.agree(cast, protection_days=10)
    made = register(cast.sam, cast.partnership_id)
    go(cast.hank, made, "approve")
    with clock.at(ago(-8)):
        go(cast.sam, made, "extend", kind="proposal_sent", happened_at=ago(1).isoformat())

    look(cast.sam, made, 13, watching.expire_protection)
    assert read(cast, made)["status"] == "extended"
    look(cast.sam, made, 25, watching.expire_protection)

    assert read(cast, made)["status"] == "expired"
    assert "expired" in told(cast.hank, errands)
    look(cast.sam, made, 26, watching.expire_protection)
