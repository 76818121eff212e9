"""Both sides' accounts, and the worker that compares them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from tests.cast import Cast, Player, person
from tests.factories import cards, mapping
from tests.servers import TestServer

Run = Callable[..., None]


@pytest.fixture
def run(app: Flask, cast: Cast, test_server: TestServer, database: str) -> Run:
    """Run an epoch as the worker."""

    def ran(at: datetime | None = None) -> None:
        mapping.run(app, test_server, database, cast, at)

    return ran


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """Both have four companies in common, and each has others."""
    mapping.accounts(cast.sam, [*mapping.BOTH, "Acme's own"], city="Graz", industry="Retail")
    mapping.accounts(cast.gina, [*mapping.BOTH, "Globex's own"], city="Wien")
    return cast


@pytest.fixture
def program(app: Flask, cast: Cast) -> Player:
    """Acme's CRM, at whose address cards may be shown."""
    cards.shown_at(cast.ada, cards.CRM)
    return person(app, cast.sam.actor.organization_id, "CRM", "crm@acme.example", "integration")


@pytest.fixture
def common(cast: Cast, run: Run) -> str:
    """An account of Sam's, known to the CRM, that Globex has too."""
    found: str = mapping.account(
        cast.sam, "Common", owner_id=str(cast.sam.actor.user_id), connector="crm", external_id="A1"
    )["id"]
    mapping.account(cast.gina, "Common", owner_id=str(cast.gina.actor.user_id))
    mapping.agreed(cast, "overlaps")
    run()
    return found
