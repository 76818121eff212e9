"""A whole list of accounts, read in twice and looked through for doubles: work and memory grow with it, no faster.

Nothing is analysed between: of a list that came a moment ago the planner knows no number, and that is when a CRM sends
the next one.
"""

import os
import random
import resource
import time
from collections.abc import Callable
from io import BytesIO
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import text

from partnercrm.accounts.actions import recognising
from partnercrm.integrations import jobs
from partnercrm.integrations.actions import deciding, uploading
from partnercrm.integrations.contents import ImportKind
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast
from tests.factories.imports import mapped
from tests.servers import TestServer

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
MANY: Final = 200_000 if PROVE else 2_000
MOST_READ: Final = 100
"""So many rows of tables and indexes are read for each account at most; going through the list for each reads MANY."""
MOST_MEGABYTES: Final = 150
HEADER: Final = "external_id,name,web_domains,city,country,parent_external_id,relationship,industry\n"
_READ: Final = """
    SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)
"""


def test_work_and_memory_grow_with_the_list_alone(
    cast: Cast, database: str, test_server: TestServer, record_property: Callable[[str, int], None]
) -> None:
    actor, file = cast.dana.actor, _file(MANY)
    system = Actor.system(actor.organization_id)
    before, begun = _megabytes(), time.monotonic()

    entered = _read_in(actor, file)
    first, begun, read = time.monotonic() - begun, time.monotonic(), _read(test_server, database)
    again = _read_in(actor, file)
    second, begun, reread = time.monotonic() - begun, time.monotonic(), _read(test_server, database)
    _look_through(system)
    work = [reread - read, _read(test_server, database) - reread]

    assert (entered["entered"], again["unchanged"], entered["wrong"] + again["wrong"]) == (MANY, MANY, 0)

    assert [rows for rows in work if rows > MOST_READ * MANY] == []
    assert _megabytes() - before < MOST_MEGABYTES
    record_property("seconds for accounts that are new", round(first))
    record_property("seconds for the same again", round(second))
    record_property("seconds to find doubles", round(time.monotonic() - begun))
    record_property("megabytes more", _megabytes() - before)


def _file(many: int) -> bytes:
    chance = random.Random(5)
    words = ["".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)) for _ in range(9_000)]
    rows = [HEADER]
    for number in range(many):
        # Every hundredth is the one before it once more, and every tenth a daughter of it.
        name = f"{chance.choice(words)} {chance.choice(words)} {number - (number % 100 == 7)}"
        parent = f"A{number - 1}" if number % 10 == 5 else ""
        host = name.replace(" ", "-")
        rows.append(f"A{number},{name.title()} GmbH,{host}.com,Graz,AT,{parent},customer,Logistics\n")
    return "".join(rows).encode()


def _read_in(actor: Actor, file: bytes) -> dict[str, int]:
    """Read a file in as the worker would; return what came of it."""
    given = {"kind": ImportKind.ACCOUNTS, "connector": "crm", "mapping": mapped(HEADER)}
    with db.transaction(actor):
        one: UUID = uploading.send_file(actor, BytesIO(file), "accounts.csv", given).id
        deciding.start_import(actor, one, {"dry_run": False, "leave_out": False})
    jobs.run_import(str(actor.organization_id), str(one))
    with db.transaction(actor, read_only=True):
        counts = "SELECT entered, updated, unchanged, wrong FROM lead_imports WHERE id = :id"
        return dict(db.session().execute(text(counts), {"id": one}).one()._mapping)


def _look_through(system: Actor) -> None:
    after, goes_on = None, True
    while goes_on:
        with db.transaction(system):
            after = recognising.keep_stale_keys(system, after)
        goes_on = after is not None
    with db.transaction(system):
        recognising.find_pairs(system)


def _read(test_server: TestServer, database: str) -> int:
    """Return how many rows of tables and indexes were read until now, as the database counts them."""
    with db.transaction(None):
        db.session().execute(text("SELECT pg_stat_force_next_flush()"))
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        found = connection.execute(_READ).fetchone()
        assert found is not None
        return int(found[0])


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
