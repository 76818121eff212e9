"""Structured logs: one JSON object a line with the request's id; identifiers only, never values."""

import logging
import sys
import traceback
from collections.abc import Iterator

import psycopg
import structlog
from sqlalchemy.exc import StatementError

from partnercrm.settings import settings


def install() -> None:
    """Send every log line, ours and the libraries', through structlog to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if settings().log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_trace),
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # The demo's terminal shows the log-ins; they must not scroll away.
    root.setLevel(logging.WARNING if settings().environment == "demo" else logging.INFO)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def _trace(exc_info: structlog.typing.ExcInfo) -> str:
    return "\nbecause of\n".join(_told(exc_info[1]))


def _told(error: BaseException | None) -> Iterator[str]:
    """Tell an error and what led to it; of the database's only kind and constraint: their sentences quote rows."""
    quotes_rows = False
    while error is not None:
        quotes_rows = quotes_rows or isinstance(error, (StatementError, psycopg.Error))
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        said = _broken(error) if quotes_rows else str(error)
        yield f"{''.join(traceback.format_tb(error.__traceback__))}{kind}: {said}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _broken(error: BaseException) -> str:
    return f"{error.sqlstate} {error.diag.constraint_name}" if isinstance(error, psycopg.Error) else "(not told)"
