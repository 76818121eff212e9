"""Bonuses for leads: each qualified lead once, by the plan of its day, up to the cap, after the holding time."""

from typing import Any
from uuid import UUID

from partnercrm.incentives import jobs
from partnercrm.incentives.actions import bonuses
from partnercrm.kernel import db
from tests.cast import Cast
from tests.factories import earnings, leads


def qualified(cast: Cast) -> str:
    offered = str(leads.offer(cast.sam, cast.partnership_id)["id"])
    leads.step(cast.gina, offered, "accept")
    leads.step(cast.gina, offered, "qualify")
    return offered


def follow(cast: Cast) -> None:
    for player in (cast.dana, cast.hank):
        jobs.accrue_again(str(player.actor.organization_id))


def statement(cast: Cast) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.sam.call("GET", "/earnings/statement?sort=recorded_at", expect=200)["items"]
    return found


def test_each_qualified_lead_pays_its_giver_once_up_to_the_cap(cast: Cast) -> None:
    earnings.paid(cast, lead_bonus="250.00", lead_bonus_cap="600.00")
    leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    follow(cast)
    assert statement(cast) == []

    offers = [qualified(cast) for _ in range(2)]
    follow(cast)
    follow(cast)
    told = statement(cast)
    assert [(one["kind"], one["total"]["amount"]) for one in told] == [("bonus", "250.00")] * 2
    assert [one["lines"][0]["offer_id"] for one in told] == offers

    qualified(cast)
    qualified(cast)
    follow(cast)
    follow(cast)
    assert [one["total"]["amount"] for one in statement(cast)[2:]] == ["100.00"]
    assert earnings.balance(cast.dana, "due") == {UUID(str(cast.sam.actor.user_id)): 60_000}
    assert earnings.balance(cast.hank, "due") == {}


def test_a_bonus_waits_for_a_plan_and_for_its_holding_time(cast: Cast) -> None:
    qualified(cast)
    follow(cast)
    earnings.paid(cast, lead_bonus="250.00", holding_days=30)
    follow(cast)
    assert statement(cast) == []

    earnings.paid(cast, lead_bonus="250.00", trigger="elsewhere")
    follow(cast)
    assert statement(cast) == []
    earnings.paid(cast, lead_bonus="250.00")
    follow(cast)
    assert len(statement(cast)) == 1


def test_lots_go_on_where_they_were(cast: Cast) -> None:
    earnings.paid(cast, lead_bonus="250.00")
    for _ in range(3):
        qualified(cast)
    after, lots = None, 0
    while after or not lots:
        with db.transaction(actor := cast.dana.actor):
            after = bonuses.accrue_bonuses(actor, after, most=2)
        lots += 1
    assert lots == 2
    assert len(statement(cast)) == 3
