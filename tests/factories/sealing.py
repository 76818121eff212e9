"""Sealing the record, as soon as all of it can be."""

import time
from collections.abc import Callable
from typing import Any

from partnercrm.activity import jobs

Ask = Callable[[str], list[tuple[Any, ...]]]


def seal(ask: Ask) -> None:
    """Seal once what runs now is over: another test process may be at work on the same server."""
    ((now,),) = ask("SELECT pg_current_xact_id()::text")
    until = time.monotonic() + 30
    while ask(f"SELECT pg_snapshot_xmin(pg_current_snapshot()) <= '{now}'::xid8") == [(True,)]:
        assert time.monotonic() < until
        time.sleep(0.01)
    jobs.seal()
