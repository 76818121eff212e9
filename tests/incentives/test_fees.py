"""What one side's books say of a fee is what the other's say of it; where not, both are told alike."""

from typing import Any

import psycopg
import pytest

from tests.cast import Cast
from tests.factories import deals, earnings, splits
from tests.servers import TestServer


@pytest.fixture
def deal(cast: Cast) -> dict[str, Any]:
    """A deal won for 120,000 euros, of which Globex pays Acme a tenth."""
    earnings.paid(cast)
    made = deals.opened(cast, cast.sam)
    fee = {"payer_id": str(cast.hank.actor.organization_id), "rate": 100_000}
    splits.agree(cast, made, 600_000, referral_fee=fee)
    splits.divide(cast.dana, made, whole=1, participants=[{"user_id": str(cast.sam.actor.user_id), "parts": 1}])
    for stage in ("committed", "closed_won"):
        made = deals.move(cast.sam, deals.read(cast.sam, made), stage)
    return made


def test_both_books_mirror_each_other_through_refunds_and_other_splits(cast: Cast, deal: dict[str, Any]) -> None:
    path = f"/partnerships/{cast.partnership_id}/fees"
    earnings.follow(cast.dana)
    assert cast.gina.call("GET", path, expect=200)["unmirrored"] == []
    earnings.follow(cast.hank)

    def read(player: Any) -> tuple[list[tuple[str, str, str]], Any]:
        told = player.call("GET", path, expect=200)
        return [(one["portion"], one["received"]["amount"], one["paid"]["amount"]) for one in told["fees"]], told

    ours, told = read(cast.dana)
    assert ours == [("referral_fee", "12000.00", "0.00")]
    assert told["costs"] == [
        {
            "earned": {"amount": "7200.00", "currency": "EUR"},
            "credited": {"amount": "72000.00", "currency": "EUR"},
            "share": 100_000,
        }
    ]
    assert read(cast.sam)[1]["costs"] == []
    assert read(cast.hank)[0] == [("referral_fee", "0.00", "12000.00")]
    [win] = earnings.revenues(cast.sam, deal)
    earnings.refund(cast.hank, win, amount={"amount": "0.05", "currency": "EUR"})
    splits.agree(cast, deal, 500_000)
    earnings.follow(cast.dana, cast.hank)
    assert read(cast.dana)[0] == read(cast.hank)[0] == []
    cast.ines.call("GET", path, expect=404)


def test_a_difference_is_told_to_both_alike(
    cast: Cast, deal: dict[str, Any], test_server: TestServer, database: str
) -> None:
    earnings.follow(cast.dana, cast.hank)
    forged = """SET session_replication_role = replica;
        UPDATE entries SET minor = minor + 1 WHERE account = 'partner' AND minor > 0"""
    with psycopg.connect(test_server.admin(database)) as connection:
        connection.execute(forged)
    path = f"/partnerships/{cast.partnership_id}/fees"
    told = [one.call("GET", path, expect=200)["unmirrored"] for one in (cast.dana, cast.gina)]
    assert told[0] == told[1]
    assert [(one["deal_id"], one["difference"]["amount"]) for one in told[0]] == [(deal["id"], "0.01")]
