"""What the terminal shows: everything in production, warnings only in the demo."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from partnercrm.settings import settings
from partnercrm.web import logs


@pytest.fixture(autouse=True)
def same_logging_afterwards(application: Flask) -> Iterator[None]:
    """Give the root logger back its handlers and level."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    settings.cache_clear()


@pytest.mark.parametrize(("environment", "level"), [("demo", logging.WARNING), ("production", logging.INFO)])
def test_the_demo_logs_warnings_only(environment: str, level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCRM_ENVIRONMENT", environment)
    settings.cache_clear()

    logs.install()

    assert logging.getLogger().level == level
    monkeypatch.undo()
