"""Both sides act on the terms at the same moment: one wins, the others are told, no version is doubled or skipped."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.cast import Cast
from tests.crowd import at_once
from tests.factories import terms

ROUNDS = 4


def statuses(*calls: Callable[[], Any]) -> Counter[int]:
    return Counter(response.status_code for response in at_once(calls))


def versions(cast: Cast) -> list[int]:
    history = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}/terms", expect=200)["items"]
    return [one["terms"]["version"] for one in history]


def test_of_many_proposals_at_once_one_waits(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/term-changes"
    given = [{"based_on": 1, "terms": {"offer_days": days}} for days in (5, 6, 7)]

    answered = statuses(
        *(partial(player.response, "POST", path, json=one) for player in (cast.dana, cast.hank) for one in given)
    )

    assert answered == {201: 1, 409: 5}
    changes = cast.hank.call("GET", path, expect=200)["items"]
    assert [change["status"] for change in changes] == ["open"]


def test_accepting_withdrawing_and_declining_at_once_end_a_change_once(cast: Cast) -> None:
    for _ in range(ROUNDS):
        before = versions(cast)
        days = 1 + len(cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/term-changes")["items"])
        change = f"/term-changes/{terms.propose(cast.dana, cast.partnership_id, offer_days=days)['id']}"

        answered = statuses(
            *[partial(cast.hank.response, "POST", f"{change}/accept")] * 3,
            partial(cast.hank.response, "POST", f"{change}/decline", json={}),
            *[partial(cast.dana.response, "POST", f"{change}/withdraw")] * 2,
        )

        assert answered == {200: 1, 409: 5}
        agreed = cast.dana.call("GET", change, expect=200)["agreed_version"]
        assert versions(cast) == ([agreed] if agreed else []) + before
        assert agreed in {None, len(before) + 1}


def test_agreeing_races_the_end_of_the_partnership(cast: Cast) -> None:
    change = terms.propose(cast.dana, cast.partnership_id, offer_days=7)
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.dana.response("GET", path).headers["ETag"]

    accepted, ended = at_once(
        [
            partial(cast.hank.response, "POST", f"/term-changes/{change['id']}/accept"),
            partial(cast.dana.response, "POST", f"{path}/end", if_match=tag),
        ]
    )

    assert (accepted.status_code, ended.status_code) in {(200, 412), (200, 200), (404, 200), (409, 200)}
    assert versions(cast) == ([2, 1] if accepted.status_code == 200 else [1])
