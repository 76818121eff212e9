"""Work that runs later: deferred by name in the caller's transaction, done by the worker, rescued when it stalls."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

import procrastinate
import structlog
from procrastinate.exceptions import ConnectorException, TaskNotFound

from partnercrm.kernel import db

STALLED_AFTER_SECONDS = 60
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)

queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
# Jobs defer jobs, too, in their own transaction; the connector the worker runs the queue with is another kind.
_deferring = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

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


def defer(name: str, organization_id: UUID | None, *, at: datetime | None = None, **ids: UUID) -> None:
    """Put a job into the queue in the open transaction, due `at` a moment or at once.

    Without an organization it is work that precedes the tenant. An outage meanwhile is told as the driver tells it.
    """
    if name not in queue.tasks:
        raise TaskNotFound(name)
    deferrer = _deferring.configure_task(name, schedule_at=at, connection=db.driver_connection())
    if organization_id is not None:
        ids = {"organization_id": organization_id} | ids
    try:
        deferrer.defer(**{key: str(value) for key, value in ids.items()})
    except ConnectorException as error:
        raise error.__cause__ or error from None


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
