"""Exchange rates for tests, entered as the role that may."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from flask import Flask

from partnercrm.kernel import db
from partnercrm.rates.actions import enter_rates
from partnercrm.rates.conversion import Quote
from tests.conftest import on_database
from tests.servers import TestServer


def enter(app: Flask, test_server: TestServer, database: str, rates: Mapping[str, str], days: Iterable[date]) -> None:
    """Enter the same rates for each of these days."""
    quotes = [Quote(currency, day, Decimal(rate)) for currency, rate in rates.items() for day in days]
    with on_database(app, test_server.url("worker", database)), db.transaction(None):
        enter_rates(quotes)
