"""An import at size beside its floor: COPY of the same rows, ready as they are, into the same table with its indexes.

The floor checks nothing, knows no tenant wall (PostgreSQL refuses COPY to roles behind one), writes nothing twice and
keeps nothing to be undone; foreign keys and checks hold for both. The import begins with the file's bytes and ends when
its leads are there: kept, recognised, read, checked row by row, weighed against what is known, entered, recorded.
"""

import csv
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any, Final

import psycopg
from flask import Flask

from benchmarks.cases import fields
from benchmarks.load import Slice
from benchmarks.stage import Stage
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import random_id
from partnercrm.kernel.money import parse

_FIELDS: Final = tuple(name for name in fields(0) if name != "value")
_HEADER: Final = ("external_id", *_FIELDS, "amount")
_MAPPING: Final = ",".join(
    [f"{name}={name}" for name in ("external_id", *_FIELDS)] + ["value.amount=amount", "value.currency:=EUR"]
)
_COLUMNS: Final = ("id", "organization_id", "owner_id", "connector", "external_id", "created_at", *_FIELDS)
_COPY: Final = f"COPY leads ({', '.join(_COLUMNS)}, value_minor, currency) FROM STDIN (FORMAT csv)"
_SAME: Final = f"""
    SELECT count(*) FROM (
        (SELECT external_id, owner_id, value_minor, currency, {", ".join(_FIELDS)} FROM leads WHERE connector = %s)
        EXCEPT ALL
        (SELECT external_id, owner_id, value_minor, currency, {", ".join(_FIELDS)} FROM leads WHERE connector = %s)
    ) AS other
"""
_PIECE: Final = 1 << 18

_numbers = count(1)


def pair(stage: Stage, many: int) -> tuple[Slice, Slice]:
    """Bring so many new leads in both ways, one after the other; what came in is deleted again."""
    number = next(_numbers)
    names = f"floor-{number}", f"import-{number}"
    ready, file = _ready(stage, names[0], many), _file(many)
    with psycopg.connect(stage.database, autocommit=True) as connection:
        stage.settle()
        floor = _timed(many, lambda: _copied(connection, ready))
        stage.settle()
        ours = _timed(many, lambda: _imported(stage, names[1], file))
        _require_same(connection, names, many)
        for name in names:
            connection.execute("DELETE FROM leads WHERE connector = %s", [name])
    return floor, ours


def _timed(many: int, work: Any) -> Slice:
    began = time.perf_counter()
    work()
    return Slice(many / (time.perf_counter() - began))


def _rows(many: int) -> Iterator[dict[str, Any]]:
    for number in range(many):
        yield {"external_id": str(number), **fields(number)}


def _file(many: int) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for row in _rows(many):
        told = {**row, "contact_channels": " ".join(row["contact_channels"]), "amount": row["value"]["amount"]}
        writer.writerow([told[name] for name in _HEADER])
    return io.BytesIO(text.getvalue().encode())


def _ready(stage: Stage, connector: str, many: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in _rows(many):
        value = parse(**row["value"])
        told = {**row, "contact_channels": f"{{{','.join(row['contact_channels'])}}}"}
        of = (random_id(), stage.giver_id, stage.giver_user_id, connector, row["external_id"], datetime.now(UTC))
        writer.writerow([*of, *(told[name] for name in _FIELDS), value.minor, value.currency])
    return text.getvalue().encode()


def _copied(connection: psycopg.Connection[Any], ready: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for place in range(0, len(ready), _PIECE):
            copy.write(ready[place : place + _PIECE])


def _imported(stage: Stage, connector: str, file: io.BytesIO) -> None:
    from partnercrm.integrations import jobs
    from partnercrm.integrations.actions import deciding, uploading

    actor = Actor(stage.giver_id, stage.giver_user_id, "Sam", frozenset({"seller"}), frozenset({"leads:write"}))
    with _worker().app_context():
        with db.transaction(actor):
            one = uploading.send_file(actor, file, "leads.csv", {"connector": connector, "mapping": _MAPPING})
            deciding.start_import(actor, one.id, {"dry_run": False, "leave_out": False})
        jobs.run_import(str(stage.giver_id), str(one.id))


@cache
def _worker() -> Flask:
    from partnercrm.app import create_app

    return create_app(part="worker")


def _require_same(connection: psycopg.Connection[Any], names: tuple[str, str], many: int) -> None:
    """RuntimeError unless both ways brought the very same leads in."""
    found = [connection.execute(_SAME, pair).fetchone() for pair in (names, names[::-1])]
    counted = connection.execute("SELECT count(*) FROM leads WHERE connector = %s", [names[1]]).fetchone()
    if found != [(0,), (0,)] or counted != (many,):
        raise RuntimeError(f"import: {found} leads are others than the floor's, {counted} of {many} came in")
