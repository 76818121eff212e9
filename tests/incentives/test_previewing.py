"""What a deal would earn: alone and with the partner, line by line, by the seller's own plan and what they say."""

from typing import Any

from tests.cast import Cast, Player
from tests.factories.incentives import assigned, drafted, published


def asked(player: Player, amount: str, *, expect: int = 200, **given: Any) -> dict[str, Any]:
    value = {"amount": amount, "currency": "EUR"}
    body = {"value": value, "on": "2026-03-14"} | given
    told: dict[str, Any] = player.call("POST", "/incentives/preview", json=body, expect=expect)
    return told


def test_a_seller_sees_both_ways_line_by_line_with_the_break_even_and_the_tiers(cast: Cast) -> None:
    late = [{"co_sell": "late", "factor": 500_000}]
    plan = published(cast.dana, drafted(cast.dana, factors=late))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))
    so_far = {"amount": "900.00", "currency": "EUR"}

    told = asked(cast.sam, "200.10", own_share=400_000, co_sell="late", attained=so_far)
    assert (told["plan_id"], told["plan_version"], told["sentence"]) == (plan["id"], 1, None)
    assert told["alone"]["earned"]["amount"] == "13.01"
    assert [(one["rule"], one["amount"], one["base"], one["rate"]) for one in told["alone"]["lines"]] == [
        ("tier", "5", "100", "0.05"),
        ("tier", "8.008", "100.1", "0.08"),
        ("rounding", "0.002", "0", "1"),
    ]
    assert [one["rule"] for one in told["with_partner"]["lines"]] == ["tier", "co_sell", "rounding"]
    assert told["with_partner"]["earned"]["amount"] == "2.00"
    assert told["break_even"] == {"numerator": 1301, "denominator": 200, "millionths": 6_505_000}
    assert (told["alone"]["after"]["place"], told["alone"]["after"]["to_next"]) == (1, None)
    assert told["with_partner"]["after"]["to_next"]["amount"] == "19.96"


def test_a_seller_without_a_plan_reads_a_sentence_and_nobody_reads_by_whose_plan_others_are_paid(cast: Cast) -> None:
    plan = published(cast.dana, drafted(cast.dana))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))

    without = [asked(one, "1.00") for one in (cast.nora, cast.gina, cast.dana)]
    assert [one["alone"] for one in without] == [None, None, None]
    assert len({one["sentence"] for one in without}) == 1
    assert asked(cast.sam, "1.00", on="2025-01-01")["plan_id"] is None


def test_amounts_of_another_currency_are_all_named(cast: Cast) -> None:
    plan = published(cast.dana, drafted(cast.dana))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))
    francs = {"amount": "5.00", "currency": "CHF"}

    wrong = asked(cast.sam, "1.00", value=francs, attained=francs, expect=422)["errors"]
    assert [one["field"] for one in wrong] == ["value.currency", "attained.currency"]
