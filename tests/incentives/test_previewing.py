"""What a deal would earn: alone and with the partner, line by line, by the seller's own plan and what they say."""

from decimal import Decimal
from typing import Any

from tests.cast import Cast, Player
from tests.factories import deals
from tests.factories.incentives import assigned, drafted, published
from tests.surfer import Surfer


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


def test_on_the_form_a_seller_reads_both_ways_before_registering_and_their_rules_on_a_page(cast: Cast) -> None:
    plan = published(cast.dana, drafted(cast.dana, factors=[{"co_sell": "late", "factor": 500_000}]))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))
    sam, hank, nora = (Surfer.signed_in(cast.app, one.email) for one in (cast.sam, cast.hank, cast.nora))
    filled = {
        "partnership_id": str(cast.partnership_id),
        "company": "Northwind",
        "value.amount": "10000",
        "value.currency": "EUR",
        "close_on": "2040-01-31",
        "involvement": "co_sell",
        "entry_stage": "committed",
    }
    path = "/deals/register/check"

    text = sam.send(path, filled, shown_on="/deals/register").text

    assert "770 EUR" in text
    assert "385 EUR" in text
    assert "makes winning 2.00 times as likely" in text
    assert "too few to tell" in text
    early = sam.send(path, filled | {"entry_stage": "prospect"}, shown_on="/deals/register").text
    assert "385 EUR" not in early
    assert "counts in EUR" in sam.send(path, filled | {"value.currency": "CHF"}, shown_on="/deals/register").text
    assert "No compensation plan is yours" in hank.send(path, filled, shown_on="/deals/register").text
    assert "5 % of what you win up to 1,000 EUR, 8 % beyond" in sam.open("/my-plan").text
    assert "No compensation plan is yours today" in nora.open("/my-plan").text


def test_beside_the_break_even_stands_by_what_factor_joint_deals_were_won(cast: Cast) -> None:
    plan = published(cast.dana, drafted(cast.dana))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))
    asked_with = {"partnership_id": str(cast.partnership_id)}
    assert asked(cast.sam, "1.00", **asked_with)["observed"] is None
    for number in range(8):
        made = deals.opened(cast, cast.sam, company=f"Won{number}", entry_stage="committed")
        deals.move(cast.gina, made, "closed_won")
    stated = {"won": 20, "lost": 80}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/sales-baseline", json=stated, expect=200)

    told = asked(cast.sam, "1.00", **asked_with)["observed"]

    assert 1 < Decimal(told["low"]) < 5 < Decimal(told["high"])
    for stranger in (cast.ines, cast.nora):
        [wrong] = asked(stranger, "1.00", **asked_with, expect=422)["errors"]
        assert wrong["field"] == "partnership_id"
