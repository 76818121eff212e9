"""Candidates: each side reads its own account alone, both must agree, and who declines is never asked again."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.calibration import Outcome
from partnercrm.accounts.candidates import ASKED, Answer, Asked, outcomes, read_again, same, to_ask
from partnercrm.accounts.matching import Pair, mirrored
from partnercrm.accounts.reasons import Because, Reason
from tests.accounts.conftest import Run
from tests.cast import Cast, Player
from tests.factories import mapping

YES, NO = Answer.CONFIRMED, Answer.REJECTED
PAIRS = st.lists(
    st.builds(
        Pair,
        st.integers(0, 9).map(lambda number: UUID(int=number)),
        st.integers(10, 19).map(lambda number: UUID(int=number)),
        st.integers(100_000, 1_000_000),
    ),
    max_size=60,
    unique_by=lambda pair: pair[:2],
)


@pytest.fixture
def perhaps(listed: Cast, run: Run) -> Cast:
    """Besides what both have for certain, both may have two companies; an epoch has told of them."""
    for number in range(2):
        mapping.account(listed.sam, f"Perhaps {number}", web_domains=[f"ours-{number}.com"])
        mapping.account(listed.gina, f"PERHAPS {number}", web_domains=[f"theirs-{number}.com"])
    mapping.agreed(listed)
    run()
    return listed


def asked(player: Player) -> dict[str, str]:
    """Return what waits for somebody's side: names of own accounts, and the candidates' ids."""
    items = player.call("GET", "/candidates", query_string={"answered": "false"}, expect=200)["items"]
    return {one["account"]["name"]: one["id"] for one in items}


def one_of(first: int, second: int, *answers: Answer | None) -> Asked:
    """Return a pair that was asked about."""
    return Asked(UUID(int=99), UUID(int=first), UUID(int=second), 700, (answers[0], answers[1]))


@given(PAIRS)
def test_both_sides_are_asked_about_the_same_pairs(pairs: list[Pair]) -> None:
    chosen = to_ask(pairs, [], ())

    assert [pair.mirrored() for pair in chosen] == to_ask(mirrored(pairs), [], ())
    assert len(chosen) <= ASKED
    accounts = [account for pair in chosen for account in pair[:2]]
    assert len(accounts) == len(set(accounts))


def test_the_most_probable_are_asked_about_first_and_nothing_that_is_told_or_was_decided() -> None:
    pairs = [Pair(UUID(int=number), UUID(int=100 + number), 300_000 + number) for number in range(ASKED + 5)]
    chosen = to_ask(pairs, [one_of(24, 124, NO, None)], {UUID(int=23)})

    assert [pair.left.int for pair in chosen] == list(range(22, 22 - ASKED, -1))


def test_two_are_one_where_both_said_so_and_never_where_either_declined() -> None:
    pairs = [Pair(UUID(int=1), UUID(int=11), 990_000), Pair(UUID(int=2), UUID(int=12), 990_000)]
    said = [one_of(1, 11, NO, YES), one_of(3, 13, YES, YES), one_of(4, 14, YES, None)]

    assert same(pairs, said) == [(UUID(int=2), UUID(int=12)), (UUID(int=3), UUID(int=13))]
    assert outcomes(said) == [Outcome(700, confirmed=False), Outcome(700, confirmed=True)]


def test_what_people_declined_makes_the_like_less_probable() -> None:
    pairs = [Pair(UUID(int=1), UUID(int=11), 900_000, (Reason(Because.SAME_NAME, 2200),))]

    assert read_again(pairs, []) == pairs
    (less,) = read_again(pairs, [Outcome(2100, confirmed=False)] * 40)
    assert less.millionths < 900_000


def test_each_side_reads_its_own_account_and_nothing_of_the_others(perhaps: Cast) -> None:
    assert set(asked(perhaps.sam)) == {"Perhaps 0", "Perhaps 1"}
    assert set(asked(perhaps.gina)) == {"PERHAPS 0", "PERHAPS 1"}
    assert "PERHAPS" not in perhaps.sam.response("GET", "/candidates").text
    for player in (perhaps.nora, perhaps.ines):
        assert asked(player) == {}


def test_where_both_agree_the_next_epoch_tells_both(perhaps: Cast, run: Run) -> None:
    ours, theirs = asked(perhaps.sam)["Perhaps 0"], asked(perhaps.gina)["PERHAPS 0"]
    before = perhaps.gina.response("GET", "/candidates").data
    perhaps.sam.call("POST", f"/candidates/{ours}/confirm", expect=200)
    assert perhaps.gina.response("GET", "/candidates").data == before
    run(mapping.later(1))
    mapping_id = perhaps.sam.call("GET", "/mappings", expect=200)["items"][0]
    assert len(mapping.common(perhaps.sam, mapping_id)) == len(mapping.BOTH)

    perhaps.gina.call("POST", f"/candidates/{theirs}/confirm", expect=200)
    run(mapping.later(2))

    for player, name in ((perhaps.sam, "PERHAPS 0"), (perhaps.gina, "Perhaps 0")):
        told = [copy["name"] for item in mapping.common(player, mapping_id) for copy in item["theirs"]]
        assert name in told
    assert set(asked(perhaps.sam)) == {"Perhaps 1"}
    assert perhaps.gina.call("POST", f"/candidates/{theirs}/reject", expect=404)["code"] == "not_found"


def test_who_declines_is_not_told_on_and_nobody_is_asked_again(perhaps: Cast, run: Run) -> None:
    ours = asked(perhaps.sam)["Perhaps 0"]
    before = perhaps.gina.response("GET", "/candidates").data
    perhaps.sam.call("POST", f"/candidates/{ours}/reject", expect=200)
    refused = perhaps.sam.call("POST", f"/candidates/{ours}/confirm", expect=409)
    assert refused["code"] == "candidate_answered"
    assert perhaps.gina.response("GET", "/candidates").data == before

    for week in (1, 2):
        run(mapping.later(week))
        assert set(asked(perhaps.sam)) == {"Perhaps 1"}
        assert set(asked(perhaps.gina)) == {"PERHAPS 1"}


def test_an_account_that_became_another_company_is_asked_about_anew_once_it_is_ripe(perhaps: Cast, run: Run) -> None:
    perhaps.sam.call("POST", f"/candidates/{asked(perhaps.sam)['Perhaps 0']}/reject", expect=200)
    named = perhaps.sam.call("GET", "/accounts", query_string={"sort": "-created_at"}, expect=200)["items"]
    (account_id,) = [one["id"] for one in named if one["name"] == "Perhaps 0"]
    tag = perhaps.sam.response("GET", f"/accounts/{account_id}").headers["ETag"]
    perhaps.sam.call("PATCH", f"/accounts/{account_id}", json={"city": "Linz"}, if_match=tag, expect=200)

    run(mapping.later(1))
    assert "Perhaps 0" not in asked(perhaps.sam)
    run(mapping.later(6))
    assert "Perhaps 0" in asked(perhaps.sam)


@pytest.mark.parametrize("tier", ["hidden", "counts"])
def test_where_only_counts_are_told_nobody_is_asked(listed: Cast, run: Run, tier: str) -> None:
    mapping.account(listed.sam, "Perhaps", web_domains=["ours.com"])
    mapping.account(listed.gina, "PERHAPS", web_domains=["theirs.com"])
    mapping.agreed(listed, tier)
    run()

    assert asked(listed.sam) == asked(listed.gina) == {}


def test_stopping_the_mapping_closes_what_was_asked(perhaps: Cast) -> None:
    mapping_id = perhaps.dana.call("GET", "/mappings", expect=200)["items"][0]["id"]
    perhaps.hank.call("POST", f"/mappings/{mapping_id}/stop", expect=200)

    assert asked(perhaps.sam) == asked(perhaps.gina) == {}
