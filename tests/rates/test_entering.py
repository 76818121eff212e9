"""Entering rates: corrections are later versions, what was known at a moment stays known, and only the worker may."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from partnercrm.kernel import db
from partnercrm.rates import queries
from partnercrm.rates.actions import Entered, enter_rates
from partnercrm.rates.cli import import_rates
from partnercrm.rates.conversion import Quote
from tests.conftest import on_database
from tests.servers import TestServer

DAY = date(2026, 3, 31)
FILE = "Date,USD,CYP,\n2026-03-31,1.0850,0.5,\n2026-03-30,1.0849,N/A,\n"


@pytest.fixture
def worker(application: Flask, database: str, test_server: TestServer) -> Iterator[Flask]:
    """The application with the worker's rights on this test's own database."""
    with on_database(application, test_server.url("worker", database)):
        yield application


def entered(rate: str) -> Entered:
    with db.transaction(None):
        return enter_rates([Quote("USD", DAY, Decimal(rate))])


def known(as_of: datetime) -> tuple[int, Decimal] | None:
    with db.transaction(None, read_only=True):
        version = queries.version_known(as_of)
        quote = queries.table(version, ["USD"], DAY, DAY).quote("USD", DAY)
    return (version.version, quote.rate) if version and quote else None


def run(app: Flask, file: Path) -> Result:
    return app.test_cli_runner().invoke(import_rates, [str(file)])


def test_what_was_known_at_a_moment_stays_known(worker: Flask) -> None:
    moments = [datetime.now(UTC)]
    for rate in ("1.08", "1.09", "1.09"):
        entered(rate)
        moments.append(datetime.now(UTC))

    assert [known(moment) for moment in moments] == [
        None,
        (1, Decimal("1.08")),
        (2, Decimal("1.09")),
        (2, Decimal("1.09")),
    ]


def test_only_what_is_new_or_corrected_is_entered(worker: Flask) -> None:
    assert [entered(rate) for rate in ("1.08", "1.080", "1.07")] == [(1, 1, []), (None, 0, []), (2, 1, [])]


def test_a_reader_waits_for_rates_that_are_being_entered(worker: Flask) -> None:
    found = []

    def read() -> None:
        with worker.app_context():
            found.append(known(datetime.now(UTC)))

    with db.transaction(None):
        enter_rates([Quote("USD", DAY, Decimal("1.08"))])
        reader = Thread(target=read)
        reader.start()
        reader.join(0.5)
        assert reader.is_alive(), "the reader did not wait for the rates being entered"
    reader.join(10)

    assert len(found) == 1


def test_two_imports_at_once_become_two_versions(worker: Flask) -> None:
    def enter(rate: str) -> None:
        with worker.app_context():
            entered(rate)

    threads = [Thread(target=enter, args=[f"1.0{number}"]) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (known(datetime.now(UTC)) or (0,))[0] == 8


def test_the_web_server_may_not_enter_rates(app: Flask) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        entered("1.08")


def test_a_file_and_its_zip_are_imported_and_told(worker: Flask, tmp_path: Path) -> None:
    plain, packed = tmp_path / "eurofxref-hist.csv", tmp_path / "eurofxref-hist.zip"
    plain.write_text(FILE)
    with zipfile.ZipFile(packed, "w") as folder:
        folder.writestr("eurofxref-hist.csv", FILE.replace("1.0850", "1.0851"))

    told = [run(worker, file) for file in (plain, plain, packed)]

    passed = " Not current currencies, passed over: CYP."
    assert [done.output.strip() for done in told] == [
        f"Version 1: 2 rates are new or corrected.{passed}",
        f"Nothing is new.{passed}",
        f"Version 2: 1 rates are new or corrected.{passed}",
    ]
    assert known(datetime.now(UTC)) == (2, Decimal("1.0851"))


def test_what_is_wrong_in_a_file_is_told_and_nothing_entered(worker: Flask, tmp_path: Path) -> None:
    wrong, two, binary = (tmp_path / name for name in ("wrong.csv", "two.zip", "binary.csv"))
    wrong.write_text("Date,USD\n2026-03-31,1.0850\n2026-03-30,many\n")
    with zipfile.ZipFile(two, "w") as folder:
        folder.writestr("a.csv", FILE)
        folder.writestr("b.csv", FILE)
    binary.write_bytes(b"\xff\xfe")

    told = [run(worker, file) for file in (wrong, two, binary)]

    assert {done.exit_code for done in told} == {1}
    for sentence, done in zip(("line 3, column 2: USD", "it holds 2", "can not be read"), told, strict=True):
        assert sentence in done.output
    assert known(datetime.now(UTC)) is None
