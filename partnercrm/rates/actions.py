"""Entering exchange rates: what differs from the table becomes its next version."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, insert, literal, select

from partnercrm.kernel import db, money
from partnercrm.rates.conversion import Quote
from partnercrm.rates.models import ExchangeRate, RateVersion
from partnercrm.rates.queries import changing

_AT_ONCE: Final = 10_000


class Entered(NamedTuple):
    """What an import came to: the version (None when nothing was new), new or corrected rates, codes nobody uses."""

    version: int | None
    entries: int
    passed_over: list[str]


def enter_rates(quotes: Sequence[Quote]) -> Entered:
    """Enter the rates that are new or differ as the next version of the table; imports wait for each other.

    Currencies that are no current ones of ISO 4217 are passed over.
    """
    db.session().execute(select(func.pg_advisory_xact_lock(changing())))
    latest = db.session().execute(select(func.coalesce(func.max(RateVersion.version), 0))).scalar_one()
    known = [quote for quote in quotes if money.is_currency(quote.currency)]
    entries = sum(_entered(known[place : place + _AT_ONCE], latest + 1) for place in range(0, len(known), _AT_ONCE))
    passed_over = sorted({quote.currency for quote in quotes} - {quote.currency for quote in known})
    if not entries:
        return Entered(None, 0, passed_over)
    last_on = max(quote.on_day for quote in known)
    db.insert(RateVersion(version=latest + 1, last_on=last_on, entries=entries))
    return Entered(latest + 1, entries, passed_over)


def _entered(quotes: Sequence[Quote], version: int) -> int:
    columns = ExchangeRate.__table__.c
    sent = db.sent((columns.currency, columns.on_day, columns.rate))
    before = (
        select(ExchangeRate.rate)
        .where(ExchangeRate.currency == sent.c.currency, ExchangeRate.on_day == sent.c.on_day)
        .order_by(ExchangeRate.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    differs = sent.c.rate.is_distinct_from(before)
    fresh = select(sent.c.currency, sent.c.on_day, literal(version), sent.c.rate).where(differs)
    names = ["currency", "on_day", "version", "rate"]
    statement = insert(ExchangeRate).from_select(names, fresh).returning(ExchangeRate.on_day)
    return len(db.rows(statement, {"rows": db.as_rows([quote._asdict() for quote in quotes])}))
