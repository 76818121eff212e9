"""Whatever both sides do, they read the same counts, matrix and overlaps; what is hidden is as what never was."""

import os
import random
from collections.abc import Callable
from typing import Any, Final

import pytest
from flask import Flask

from tests.cast import Cast, Player
from tests.factories import mapping
from tests.servers import TestServer

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
HISTORIES: Final = 1_000 if PROVE else 2
STEPS: Final = 12 if PROVE else 8
TIERS: Final = ("counts", "overlaps", "overlaps_with_fields", "only_yours")


def same_for_both(cast: Cast) -> None:
    """Read everything as either side: the same bytes, the same companies, as many as the matrix says."""
    paths = [f"/partnerships/{cast.partnership_id}/{what}" for what in ("matrix", "epochs")]
    for path in (*paths, "/mappings"):
        assert cast.sam.response("GET", path).data == cast.gina.response("GET", path).data
    for cell in cast.sam.call("GET", paths[0], expect=200)["cells"]:
        path = f"/mappings/{cell['mapping_id']}/overlaps?limit=200"
        ours, theirs = (player.call("GET", path, expect=200)["items"] for player in (cast.sam, cast.gina))
        assert [one["id"] for one in ours] == [one["id"] for one in theirs]
        for one, other in zip(ours, theirs, strict=True):
            assert one["accounts"]
            assert other["accounts"]
            assert len(one["theirs"]) in {0, len(other["accounts"])}
        assert cell["tier"] != "counts" or not ours
        path = path.replace("?limit=200", "/export?format=csv")
        assert cast.sam.response("GET", path).data == cast.gina.response("GET", path).data


def history(cast: Cast, run: Callable[[int], None], chance: random.Random) -> None:
    """Let both sides enter, change, agree, stop and compare at random."""
    weeks = 0
    for number in range(STEPS):
        player = chance.choice((cast.sam, cast.gina))
        what = chance.random()
        if what < 0.45:
            mapping.accounts(player, [f"Company {chance.randrange(12)}" for _ in range(1)], city=f"City {number}")
        elif what < 0.65:
            manager, other = chance.sample((cast.dana, cast.hank), 2)
            _agree(cast, manager, other, chance.choice(TIERS), f"{number}")
        elif what < 0.75:
            _stop(cast, chance)
        else:
            weeks += chance.choice((1, 2, 5))
            run(weeks)
        same_for_both(cast)
    run(weeks + 6)
    same_for_both(cast)


def _agree(cast: Cast, manager: Player, other: Player, tier: str, name: str) -> None:
    proposed = mapping.propose(
        manager, cast.partnership_id, tier, population_id=mapping.population(manager, f"One of {name}")
    )
    body: dict[str, Any] = {"population_id": mapping.population(other, f"Other of {name}")}
    other.call("POST", f"/mappings/{proposed['id']}/agree", json=body, expect=200)


def _stop(cast: Cast, chance: random.Random) -> None:
    agreed = cast.dana.call("GET", "/mappings", query_string={"status": "agreed"}, expect=200)["items"]
    if agreed:
        stopping = chance.choice((cast.dana, cast.hank))
        stopping.call("POST", f"/mappings/{chance.choice(agreed)['id']}/stop", expect=200)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_both_sides_read_the_same_whatever_they_did(
    seed: int, app: Flask, cast: Cast, test_server: TestServer, database: str
) -> None:
    def run(weeks: int) -> None:
        mapping.run(app, test_server, database, cast, mapping.later(weeks))

    history(cast, run, random.Random(seed))


def test_an_account_outside_of_what_is_compared_is_as_one_that_never_was(
    app: Flask, cast: Cast, test_server: TestServer, database: str
) -> None:
    """Globex reads the same bytes before and after Acme enters a company of Globex's that it does not list."""
    for player in (cast.sam, cast.gina):
        mapping.accounts(player, ["Common"])
    mapping.accounts(cast.gina, ["Hidden"])
    one = mapping.agreed(cast, "only_yours")
    mapping.run(app, test_server, database, cast)
    lists = (f"/mappings/{one['id']}/{what}" for what in ("overlaps", "others"))
    paths = [f"/partnerships/{cast.partnership_id}/matrix", *lists]
    before = [cast.gina.call("GET", path, expect=200) for path in paths]
    mapping.accounts(cast.sam, ["Hidden"], relationship="prospect")
    mapping.run(app, test_server, database, cast, mapping.later(6))
    after = [cast.gina.call("GET", path, expect=200) for path in paths]

    before[0]["epoch"] = after[0]["epoch"]
    assert _plain(before) == _plain(after)


def _plain(answers: list[Any]) -> list[Any]:
    """Leave out the ids of copies, which every epoch makes anew, and when those of single accounts were made."""
    for item in answers[1]["items"]:
        for copy in item["theirs"]:
            copy.pop("id")
    for copy in answers[2]["items"]:
        copy.pop("id")
        copy.pop("disclosed_at")
    return answers
