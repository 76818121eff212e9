"""An alias that threads share has its columns before any of them asks."""

import pkgutil
import sys
import threading
from collections.abc import Iterator
from importlib import import_module

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm.util import AliasedClass

import partnercrm
from partnercrm.kernel.aliases import shared_alias
from partnercrm.leads.models import Offer

THREADS = 4
ROUNDS = 300


@pytest.fixture
def hurried() -> Iterator[None]:
    """Let threads take turns a thousand times more often, as on a server under load."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


def kept() -> Iterator[tuple[str, AliasedClass[object]]]:
    """Yield every alias that a module keeps, under the name it has there."""
    for found in pkgutil.walk_packages(partnercrm.__path__, "partnercrm."):
        if not found.name.endswith("__main__"):
            for name, value in vars(import_module(found.name)).items():
                if isinstance(value, AliasedClass):
                    yield f"{found.name}.{name}", value


def lacking(alias: AliasedClass[object]) -> list[str]:
    """Return the columns that nobody has asked the alias for yet."""
    return [column.key for column in inspect(alias).mapper.column_attrs if column.key not in vars(alias)]


def test_every_alias_that_a_module_keeps_has_its_columns() -> None:
    aliases = dict(kept())

    assert {name: lacking(alias) for name, alias in aliases.items() if lacking(alias)} == {}
    assert "partnercrm.leads.queries.own._current" in aliases


def test_threads_that_ask_at_once_all_get_the_alias(hurried: None) -> None:
    told = set()
    for number in range(ROUNDS):
        alias, together = shared_alias(Offer, f"offer_{number}"), threading.Barrier(THREADS)

        def ask(alias: type[Offer] = alias, together: threading.Barrier = together, number: int = number) -> None:
            together.wait()
            asked = select(alias.id).where(alias.giver_id == alias.receiver_id, alias.status == "offered")
            told.add(str(asked).replace(f"offer_{number}", "alias"))

        threads = [threading.Thread(target=ask) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(told) == 1
