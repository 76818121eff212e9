"""What an import keeps in memory does not grow with its file: neither when it is sent nor when it is worked on."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from partnercrm.integrations import jobs
from partnercrm.integrations.actions import checking, uploading
from partnercrm.kernel import db
from tests.cast import Cast
from tests.factories import imports

FEW, MANY = 1000, 4000
MOST_GROWTH = 1.3
ROW = "{},Contoso Logistics Holding {},Kite with a long name of its own to fill the line {}\n"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sizes of a test stand for those of real files."""
    monkeypatch.setattr(checking, "PIECE", 200)
    monkeypatch.setattr(uploading, "PIECE", 8 * 1024)
    monkeypatch.setattr(uploading, "SAMPLE", 8 * 1024)
    monkeypatch.setattr("partnercrm.integrations.letters.SAMPLE", 8 * 1024)
    monkeypatch.setattr("partnercrm.integrations.actions.looking._LOOKED_AT", 200)


def peak(work: Callable[[], Any]) -> int:
    """Return the most that was kept at once while the work was done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def rows(many: int) -> str:
    return "".join(ROW.format(number, number, number) for number in range(many))


def worked(cast: Cast, many: int) -> int:
    one = imports.sent(cast.sam, rows(many), connector=str(many))
    cast.sam.call("POST", f"/imports/{one['id']}/start", json={}, expect=200)
    return peak(lambda: jobs.run_import(str(cast.sam.actor.organization_id), one["id"]))


def test_the_worker_keeps_no_more_of_a_long_file_than_of_a_short_one(cast: Cast) -> None:
    worked(cast, 10)

    assert worked(cast, MANY) < MOST_GROWTH * worked(cast, FEW)


def test_rows_that_were_kept_would_be_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = checking.records

    def hoarded(*given: Any) -> Iterator[Any]:
        return iter(list(whole(*given)))

    worked(cast, 10)
    monkeypatch.setattr(checking, "records", hoarded)

    assert worked(cast, MANY) > MOST_GROWTH * worked(cast, FEW)


def test_a_file_is_taken_in_piece_by_piece(cast: Cast, tmp_path: Path) -> None:
    def sent(many: int) -> int:
        file = tmp_path / f"{many}.csv"
        file.write_text(imports.HEADER + rows(many))

        def send() -> None:
            with db.transaction(cast.sam.actor), file.open("rb") as source:
                given = {"connector": "crm", "mapping": imports.MAPPING}
                uploading.send_file(cast.sam.actor, source, file.name, given)

        return peak(send)

    sent(10)
    assert sent(MANY) < MOST_GROWTH * sent(FEW)
