"""A won deal divided anew: each reads in their statement what it is for them, gained by one and lost by another."""

import pytest

from tests.cast import Cast
from tests.factories import earnings, splits


@pytest.mark.parametrize("rate", [50_000, 200_000])
def test_what_one_gains_is_earned_and_what_another_loses_is_clawed_back(cast: Cast, rate: int) -> None:
    earnings.paid(cast)
    tiers = [{"from": "0", "to": None, "rate": rate}]
    earnings.paid(cast, cast.nora, tables=[{"starts_on": "2020-01-01", "mode": "marginal", "tiers": tiers}])
    deal = earnings.won(cast)
    earnings.follow(cast.dana)
    splits.divide(cast.dana, deal, whole=1, participants=[{"user_id": str(cast.nora.actor.user_id), "parts": 1}])
    earnings.follow(cast.dana)

    [hers] = cast.nora.call("GET", "/earnings", expect=200)["balances"]
    [his] = cast.sam.call("GET", "/earnings", expect=200)["balances"]
    assert (hers["clawed_back"]["amount"], his["clawed_back"]) == ("0.00", his["earned"])
    assert [cast.nora.call("GET", "/earnings/statement", expect=200)["items"][-1]["kind"]] == ["accrual"]
