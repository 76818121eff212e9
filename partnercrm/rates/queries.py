"""Reading exchange rates as they were known at a moment; they are the same for every reader."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from partnercrm.kernel import db
from partnercrm.rates.conversion import MOST_DAYS, Quote, Table
from partnercrm.rates.models import ExchangeRate, RateVersion

_TABLE: Final = "rates"


def changing() -> ColumnElement[int]:
    """Return the key of the lock that whoever enters rates holds until they are there."""
    return func.hashtextextended(_TABLE, 0)


def version_known(as_of: datetime) -> RateVersion | None:
    """Return the version of the table at `as_of`; None before the first. Waits for rates that are being entered."""
    waited = select(func.pg_advisory_lock_shared(changing()), func.pg_advisory_unlock_shared(changing()))
    db.session().execute(waited)
    known = select(RateVersion).where(RateVersion.recorded_at <= as_of)
    return db.session().scalars(known.order_by(RateVersion.version.desc()).limit(1)).one_or_none()


def table(version: RateVersion | None, currencies: Collection[str], begins: date, ends: date) -> Table:
    """Return the rates of these currencies for the days from `begins` to `ends`, as a version of the table has them."""
    if version is None:
        return Table(())
    rows = (
        select(ExchangeRate.currency, ExchangeRate.on_day, ExchangeRate.rate)
        .where(
            ExchangeRate.currency.in_(currencies),
            ExchangeRate.on_day.between(begins - timedelta(days=MOST_DAYS), ends),
            ExchangeRate.version <= version.version,
        )
        .ext(distinct_on(ExchangeRate.currency, ExchangeRate.on_day))
        .order_by(ExchangeRate.currency, ExchangeRate.on_day, ExchangeRate.version.desc())
    )
    return Table(Quote(*row) for row in db.rows(rows))
