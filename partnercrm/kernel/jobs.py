"""Work that runs later: deferred by name in the caller's transaction, done by the worker, rescued when it stalls."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import procrastinate
import structlog
from procrastinate.exceptions import TaskNotFound

from partnercrm.kernel import db

STALLED_AFTER_SECONDS = 60
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)

queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
# What the queue's own client sends, for any number of jobs in one statement that stays the same.
_QUEUE: Final = """
    SELECT procrastinate_defer_jobs_v1(array_agg(
        CAST(ROW('default', name, 0, NULL, NULL, ids, due) AS procrastinate_job_to_defer_v1) ORDER BY place
    ))
    FROM ROWS FROM (jsonb_to_recordset(%s) AS (name text, ids jsonb, due timestamptz))
        WITH ORDINALITY AS job (name, ids, due, place)
"""

_surroundings: Callable[[], AbstractContextManager[Any]] = nullcontext


def surround(context: Callable[[], AbstractContextManager[Any]]) -> None:
    """Say what every job runs inside: the Flask application's context."""
    global _surroundings  # noqa: PLW0603 - one per process, set when the worker starts
    _surroundings = context


class GivenUp(BaseException):
    """The tries of a job are used up, and what it was for says so; no Exception, for those are tried again."""


def job(
    name: str, *, every: str | None = None, attempts: int = 8, given_up: Callable[..., None] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a job under `slice.verb`; `every` is a cron line for a periodic one.

    The function gets ids only (`organization_id` first) and opens its own transaction. A failed run is tried again
    after 4, 16, 64 … seconds, `attempts` times in all. Then `given_up`, called with the last error and the ids, says so
    on what the job was for, so that nobody waits for it; where even that fails, the job is tried again.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def run(context: procrastinate.JobContext, /, **ids: Any) -> None:
            ids.pop("timestamp", None)
            with _surroundings():
                try:
                    function(**ids)
                except Exception as error:
                    if given_up is None or context.job.attempts + 1 < attempts:
                        raise
                    given_up(error, **ids)
                    raise GivenUp from error

        most = None if given_up else attempts
        retry = procrastinate.RetryStrategy(max_attempts=most, exponential_wait=4, retry_exceptions=(Exception,))
        task = queue.task(name=name, retry=retry, queueing_lock=name if every else None, pass_context=True)(run)
        if every:
            queue.periodic(cron=every)(task)  # type: ignore[arg-type]  # the timestamp comes among the ids
        return function

    return register


class Deferred(NamedTuple):
    """A job as it waits for the end of its transaction."""

    name: str
    ids: dict[str, UUID]
    due: datetime | None


def defer(name: str, organization_id: UUID | None, *, at: datetime | None = None, **ids: UUID) -> None:
    """Put a job into the queue with the open transaction, at its end, due `at` a moment or at once.

    Without an organization it is work that precedes the tenant. An outage then is told as the driver tells it.
    """
    if name not in queue.tasks:
        raise TaskNotFound(name)
    if organization_id is not None:
        ids = {"organization_id": organization_id} | ids
    db.at_the_end(_queue, Deferred(name, ids, at))


def _queue(deferred: Sequence[Deferred]) -> None:
    """Queue jobs in their order by one statement: one by one they took an eighth of the time to offer a lead."""
    db.driver_connection().execute(_QUEUE, [db.as_rows([one._asdict() for one in deferred])])


def names() -> frozenset[str]:
    """Return the names of all registered jobs."""
    return frozenset(name for name in queue.tasks if not name.startswith("builtin"))


async def rescue_stalled(after_seconds: float = STALLED_AFTER_SECONDS) -> int:
    """Put jobs whose worker gave no sign of life for so long back into the queue; return how many."""
    manager = queue.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=after_seconds))
    for stalled_job in stalled:
        await manager.retry_job(stalled_job)
        log.warning("job.rescued", job=stalled_job.task_name, job_id=stalled_job.id)
    return len(stalled)


@queue.periodic(cron="* * * * *")
@queue.task(name="jobs.rescue_stalled", queueing_lock="jobs.rescue_stalled")
async def _rescue(timestamp: int) -> None:
    await rescue_stalled()


def work(connection_string: str, *, concurrency: int = 4, wait: bool = True) -> None:
    """Run the worker until it is told to stop; with `wait=False` until the queue is empty."""
    # A worker whose database is gone must not wait for it: whoever supervises it starts it again.
    connector = procrastinate.PsycopgConnector(conninfo=connection_string, timeout=PATIENCE_SECONDS)
    with queue.replace_connector(connector) as opened:
        opened.run_worker(concurrency=concurrency, wait=wait, delete_jobs="successful", listen_notify=wait)
