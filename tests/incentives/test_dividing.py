"""Each side divides its own share unseen: exact, by version, and nothing the other side reads changes by it."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from partnercrm.incentives.queries import divisions
from partnercrm.incentives.splits import split
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player
from tests.crowd import at_once
from tests.factories import deals, splits

_SHARED = (
    "deals",
    "deal_versions",
    "split_proposals",
    "split_agreements",
    "shared_activities",
    "notices",
    "partnerships",
)


@pytest.fixture
def deal(cast: Cast) -> dict[str, Any]:
    return deals.opened(cast, cast.sam)


def parts(*given: tuple[Player, int], whole: int = 1_000_000, **more: Any) -> dict[str, Any]:
    return {
        "whole": whole,
        "participants": [{"user_id": str(player.actor.user_id), "parts": part} for player, part in given],
        **more,
    }


def division(player: Player, deal: dict[str, Any], *, expect: int = 200) -> Any:
    return player.call("GET", f"/deals/{deal['id']}/division", expect=expect)


def test_a_share_is_divided_exactly_and_read_by_its_own_side_alone(cast: Cast, deal: dict[str, Any]) -> None:
    given = parts((cast.sam, 1), (cast.nora, 1), (cast.dana, 1), whole=3)
    made = splits.divide(cast.dana, deal, **given)
    assert (made["version"], made["whole"]) == (1, 3)
    assert [one["parts"] for one in made["participants"]] == [1, 1, 1]

    assert division(cast.sam, deal)["participants"] == [given["participants"][0]]
    theirs = division(cast.hank, deal)
    assert (theirs["version"], theirs["participants"]) == (0, [])
    division(cast.nora, deal, expect=404)
    division(cast.ines, deal, expect=404)
    with db.transaction(cast.dana.actor):
        found = divisions.division_in_force(cast.dana.actor, UUID(deal["id"]), clock.now())
        assert found is not None
        assert set(found.shares.values()) == {Fraction(1, 3)}
        assert sorted(split(100_00, found.shares).values()) == [33_33, 33_33, 33_34]


def test_what_holds_at_a_moment_is_what_was_divided_by_then(cast: Cast, deal: dict[str, Any]) -> None:
    before = clock.now()
    splits.divide(cast.dana, deal, **parts((cast.sam, 1_000_000)))
    later = (clock.now() + timedelta(days=5)).date()
    splits.divide(cast.dana, deal, **parts((cast.nora, 1_000_000), effective_on=later.isoformat()))

    def whose(moment: Any) -> set[UUID | None]:
        with db.transaction(cast.dana.actor):
            found = divisions.division_in_force(cast.dana.actor, UUID(deal["id"]), moment)
            return set(found.shares) if found else set()

    assert whose(before) == set()
    assert whose(clock.now()) == {cast.sam.actor.user_id}
    assert whose(clock.now() + timedelta(days=6)) == {cast.nora.actor.user_id}


def test_everything_wrong_is_named_at_once(cast: Cast, deal: dict[str, Any]) -> None:
    wrong = parts((cast.sam, 1), (cast.sam, 2), (cast.hank, 3), effective_on="2020-01-01")
    told = splits.divide(cast.dana, deal, expect=422, **wrong)
    assert [one["field"] for one in told["errors"]] == [
        *("participants.0.user_id", "participants.1.user_id", "participants.2.user_id", "participants"),
        "effective_on",
    ]
    assert told["errors"][3]["message"] == "The parts come to 6, not to exactly 1000000."
    splits.divide(cast.sam, deal, expect=403, **parts((cast.sam, 1_000_000)))
    path = f"/deals/{deal['id']}/division"
    sound = parts((cast.sam, 1_000_000))
    assert cast.dana.response("PUT", path, json=sound).status_code == 428
    assert cast.dana.response("PUT", path, json=sound, if_match='"none"').status_code == 412


def test_of_divisions_at_once_one_counts(cast: Cast, deal: dict[str, Any]) -> None:
    path = f"/deals/{deal['id']}/division"
    tag = cast.dana.response("GET", path).headers["ETag"]
    sent = partial(cast.dana.response, "PUT", path, json=parts((cast.sam, 1_000_000)), if_match=tag)

    assert Counter(one.status_code for one in at_once([sent] * 4)) == {200: 1, 412: 3}
    assert division(cast.dana, deal)["version"] == 1


def test_nothing_that_is_shared_changes_by_it(
    cast: Cast, deal: dict[str, Any], test_server: Any, database: str
) -> None:
    def everything() -> Any:
        with psycopg.connect(test_server.admin(database)) as connection:
            return [
                connection.execute(f"SELECT jsonb_agg(to_jsonb(t) ORDER BY t::text) FROM {table} t").fetchone()
                for table in _SHARED
            ]

    before = everything()
    read = cast.hank.response("GET", f"/deals/{deal['id']}/division")
    splits.divide(cast.dana, deal, **parts((cast.sam, 999_999), (cast.nora, 1)))

    assert everything() == before
    again = cast.hank.response("GET", f"/deals/{deal['id']}/division")
    assert (again.data, again.headers["ETag"]) == (read.data, read.headers["ETag"])


def test_the_database_keeps_a_division_whole_and_unchanged(cast: Cast, deal: dict[str, Any]) -> None:
    splits.divide(cast.dana, deal, **parts((cast.sam, 1_000_000)))
    own, other = cast.dana.actor, cast.hank.actor
    added = """INSERT INTO split_participants
               SELECT organization_id, deal_id, version, partnership_id, %s, 1 FROM split_participants"""
    with pytest.raises(IntegrityError), db.transaction(own):
        db.driver_connection().execute(added, [cast.nora.actor.user_id])
    for statement in ("UPDATE split_participants SET parts = 5", "DELETE FROM split_divisions"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction(own):
            db.driver_connection().execute(statement)
    with db.transaction(other):
        for table in ("split_divisions", "split_participants"):
            assert db.driver_connection().execute(f"SELECT * FROM {table}").fetchall() == []
