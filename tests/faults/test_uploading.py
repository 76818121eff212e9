"""The web server takes a large file in and shows its first rows without keeping it in memory."""

import os
from typing import Any

from partnercrm.kernel import processes
from partnercrm.settings import ROOT
from tests.cast import Cast
from tests.factories import imports
from tests.live import most_memory, serving
from tests.remote import Remote, at
from tests.servers import TestServer

FEW, MANY = 2_000, 200_000
ROW = "{},Contoso Logistics Holding {},Kite with a long name of its own to fill the line {}\n"
MOST_MEGABYTES_MORE = 12


def sent_and_shown(sam: Remote, many: int) -> None:
    rows = "".join(ROW.format(number, number, number) for number in range(many))
    one = imports.sent(sam, rows, connector=str(many))
    shown = sam.call("GET", f"/imports/{one['id']}/preview", expect=200)
    assert (one["file_bytes"] > many * 80, len(shown["rows"])) == (True, 20)


def test_a_large_file_takes_the_web_server_no_more_memory_than_a_small_one(
    cast: Cast, database: str, test_server: TestServer, record_property: Any
) -> None:
    port = processes.free_port(18_000 + os.getpid() % 10_000)
    environment = {
        **os.environ,
        "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    with serving(environment, port) as process:
        sam = at(cast.sam, f"http://127.0.0.1:{port}/api/v1")
        for _ in range(4):
            sent_and_shown(sam, FEW)
        few = most_memory(process.pid)
        sent_and_shown(sam, MANY)
        more = (most_memory(process.pid) - few) // 1000

    record_property("megabytes of the web server at most", (few // 1000) + more)
    record_property("megabytes more for a large file", more)
    assert more < MOST_MEGABYTES_MORE
