"""Making a large table of a small one: every offer and its details copied so many times, within the database."""

from collections.abc import Iterator
from typing import Any

import psycopg

_COPIES = """
    CREATE TEMPORARY TABLE copies ON COMMIT DROP AS
    SELECT offers.id AS old, gen_random_uuid() AS new, number * interval '1 second' AS later
    FROM offers, generate_series(2, {times}) AS number
"""
_TIMES = ("offered_at", "respond_by", "expires_at")


def statements(connection: psycopg.Connection[Any], times: int) -> Iterator[bytes]:
    """Return what makes so many of each offer: all columns alike, but for its id and its times."""
    yield _COPIES.format(times=times).encode()
    for table, key in (("offers", "id"), ("offer_details", "offer_id")):
        asked = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        names = [name for (name,) in connection.execute(asked, [table])]
        changed = {key: "copies.new"} | {name: f"{table}.{name} + copies.later" for name in _TIMES}
        taken = ", ".join(changed.get(name, f"{table}.{name}") for name in names)
        yield (
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {taken}"
            f" FROM {table} JOIN copies ON copies.old = {table}.{key}"
        ).encode()
